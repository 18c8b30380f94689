using Actors.Yaml;

namespace Actors.Chains.Lint;

/// <summary>A problem in a file: an error, or something that works against itself.</summary>
/// <param name="File">The path of the file, as the user wrote it.</param>
/// <param name="Line">Counted from 1.</param>
/// <param name="Column">Counted from 1.</param>
/// <param name="Severity"><c>error</c>: the daemon does not load the file; <c>warning</c>: it does, but the policy may not do what its author meant.</param>
/// <param name="Message">What is wrong and what to do.</param>
internal sealed record LintFinding(string File, int Line, int Column, string Severity, string Message)
{
    public bool IsError => Severity == "error";

    public static LintFinding Error(YamlProblem problem) => new(problem.File, problem.Line, problem.Column, "error", problem.Message);

    public static LintFinding Error(string file, Mark at, string message) => new(file, at.Line, at.Column, "error", message);

    public static LintFinding Warning(string file, Mark at, string message) => new(file, at.Line, at.Column, "warning", message);

    public override string ToString() => $"{File}:{Line}:{Column}: {Severity}: {Message}";
}
