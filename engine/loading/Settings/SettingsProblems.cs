using Actors.Isolation.Messages;
using Actors.Sdk.Text;

namespace Actors.Loading.Settings;

/// <summary>Collects the problems of a plugin's settings, each with its position.</summary>
internal sealed class SettingsProblems(IReadOnlyList<string> files)
{
    // More would be the same mistake many times.
    private const int Max = 20;
    private const int MaxText = 300;

    private readonly List<(int File, int Line, int Column, string Text)> _problems = [];

    public bool Any => Count > 0;

    /// <summary>How many were found. Not all of them are kept.</summary>
    public int Count { get; private set; }

    /// <summary>The problems, ordered by position.</summary>
    public IReadOnlyList<string> InOrder =>
        [.. _problems.OrderBy(problem => (problem.File, problem.Line, problem.Column)).Select(problem => $"{files[problem.File]}:{problem.Line}:{problem.Column}: {problem.Text}")];

    public void Add(SettingNode at, string text) => Add(at.File, at.Line, at.Column, text);

    public void Add(SettingEntry at, string text) => Add(at.File, at.Line, at.Column, text);

    /// <summary>A description of a value, for messages.</summary>
    public static string Kind(SettingNode node) => node switch
    {
        { Text: "" } => "nothing",
        { Text: { } text } => $"'{Printable.Of(text, 60)}'",
        { Items: not null } => "a list",
        _ => "a group of keys",
    };

    private void Add(int file, int line, int column, string text)
    {
        Count++;
        if (_problems.Count < Max)
            _problems.Add((file, line, column, Printable.Of(text, MaxText)));
    }
}
