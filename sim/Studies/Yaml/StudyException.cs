using Actors.Yaml;

namespace Actors.Sim.Studies.Yaml;

/// <summary>A study has errors. The message lists all of them, one per line, with line and column.</summary>
internal sealed class StudyException(IReadOnlyList<YamlProblem> problems) : Exception(string.Join('\n', problems))
{
    public IReadOnlyList<YamlProblem> Problems { get; } = problems;
}
