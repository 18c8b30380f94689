using Actors.Yaml;

namespace Actors.Sim;

/// <summary>A machine, the domains on it, what happens to them and when, and what must come of it.</summary>
internal sealed record Scenario
{
    public required HostSpec Host { get; init; }

    public required IReadOnlyList<DomainSpec> Domains { get; init; }

    /// <summary>In the order in which they happen.</summary>
    public required IReadOnlyList<ScenarioEvent> Events { get; init; }

    public required IReadOnlyList<Expectation> Expectations { get; init; }

    /// <summary>Reads a scenario's file; recorded workloads are files beside it.</summary>
    /// <exception cref="ScenarioException">Something is wrong in it.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static Scenario Load(string file) => Parse(File.ReadAllText(file), file);

    /// <summary>Reads a scenario from text; the file's name is for its errors, and to find what lies beside it.</summary>
    /// <exception cref="ScenarioException">Something is wrong in it.</exception>
    public static Scenario Parse(string text, string file)
    {
        var problems = new YamlProblems(file);
        var scenario = ScenarioYaml.Parse(text, Path.GetDirectoryName(file) ?? "", problems);
        return scenario ?? throw new ScenarioException(problems.InOrder);
    }
}
