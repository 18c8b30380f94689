using Actors.Yaml;

namespace Actors.Sim.Scenarios;

/// <summary>A scenario's file is wrong; the message is everything that is, a line each, with its place.</summary>
internal sealed class ScenarioException(IReadOnlyList<YamlProblem> problems) : Exception(string.Join(Environment.NewLine, problems))
{
    public IReadOnlyList<YamlProblem> Problems { get; } = problems;
}
