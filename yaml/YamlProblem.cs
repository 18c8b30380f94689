using Actors.Sdk.Text;

namespace Actors.Yaml;

/// <summary>A problem in a file, with its position.</summary>
/// <param name="File">The path, as the user gave it.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1.</param>
/// <param name="Message">What is wrong and how to fix it.</param>
internal sealed record YamlProblem(string File, int Line, int Column, string Message)
{
    public override string ToString() => $"{File}:{Line}:{Column}: {Message}";
}

/// <summary>Collects problems, so that all of them can be reported together.</summary>
internal sealed class YamlProblems(string file)
{
    // A file with more problems has the same mistake many times.
    private const int Max = 100;

    private readonly List<YamlProblem> _problems = [];
    private int _omitted;

    /// <summary>The path, as the user gave it.</summary>
    public string File => file;

    public bool Any => _problems.Count > 0;

    /// <summary>The problems, ordered by position.</summary>
    public IReadOnlyList<YamlProblem> InOrder => _omitted == 0 ? Sorted : [.. Sorted, _problems[^1] with { Message = $"and {_omitted} more problems" }];

    private IReadOnlyList<YamlProblem> Sorted => [.. _problems.OrderBy(problem => (problem.Line, problem.Column))];

    public void Add(Mark at, string message)
    {
        if (_problems.Count < Max)
            _problems.Add(new YamlProblem(file, at.Line, at.Column, Printable.Of(message)));
        else
            _omitted++;
    }
}

/// <summary>A position in a file; line and column start at 1.</summary>
internal readonly record struct Mark(int Line, int Column);
