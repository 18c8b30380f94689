
namespace Actors.Yaml;

/// <summary>Something wrong in a file, and where.</summary>
/// <param name="File">The file, as the user named it.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Message">What is wrong and what to do.</param>
internal sealed record YamlProblem(string File, int Line, int Column, string Message)
{
    public override string ToString() => $"{File}:{Line}:{Column}: {Message}";
}

/// <summary>Gathers what is wrong, so that all of it can be told at once.</summary>
internal sealed class YamlProblems(string file)
{
    // Who has more mistakes than this in a file has made one, many times.
    private const int Most = 100;

    private readonly List<YamlProblem> _problems = [];
    private int _untold;

    public bool Any => _problems.Count > 0;

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<YamlProblem> InOrder => _untold == 0 ? Sorted : [.. Sorted, _problems[^1] with { Message = $"and {_untold} more like these" }];

    private IReadOnlyList<YamlProblem> Sorted => [.. _problems.OrderBy(problem => (problem.Line, problem.Column))];

    public void Add(Mark at, string message)
    {
        if (_problems.Count < Most)
            _problems.Add(new YamlProblem(file, at.Line, at.Column, message));
        else
            _untold++;
    }
}

/// <summary>A place in a file, from 1.</summary>
internal readonly record struct Mark(int Line, int Column);
