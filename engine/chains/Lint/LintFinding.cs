using Actors.Yaml;

namespace Actors.Chains.Lint;

/// <summary>Something that is wrong in a file, or that works against itself.</summary>
/// <param name="File">The file, as the user named it.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Severity"><c>error</c>: it is not served; <c>warning</c>: it is, and may not do what was meant.</param>
/// <param name="Message">What is wrong and what to do.</param>
internal sealed record LintFinding(string File, int Line, int Column, string Severity, string Message)
{
    public bool IsError => Severity == "error";

    public static LintFinding Error(YamlProblem problem) => new(problem.File, problem.Line, problem.Column, "error", problem.Message);

    public static LintFinding Error(string file, Mark at, string message) => new(file, at.Line, at.Column, "error", message);

    public static LintFinding Warning(string file, Mark at, string message) => new(file, at.Line, at.Column, "warning", message);

    public override string ToString() => $"{File}:{Line}:{Column}: {Severity}: {Message}";
}
