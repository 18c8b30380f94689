using Actors.Yaml;

namespace Actors.Sim.Scenarios;

/// <summary>A scenario file has errors. The message lists all of them, one per line, with line and column.</summary>
internal sealed class ScenarioException(IReadOnlyList<YamlProblem> problems) : Exception(string.Join(Environment.NewLine, problems))
{
    public IReadOnlyList<YamlProblem> Problems { get; } = problems;
}
