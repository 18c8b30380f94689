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
    private readonly List<YamlProblem> _problems = [];

    public bool Any => _problems.Count > 0;

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<YamlProblem> InOrder => [.. _problems.OrderBy(problem => (problem.Line, problem.Column))];

    public void Add(Mark at, string message) => _problems.Add(new YamlProblem(file, at.Line, at.Column, message));
}

/// <summary>A place in a file, from 1.</summary>
internal readonly record struct Mark(int Line, int Column);
