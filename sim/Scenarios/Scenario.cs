using System.Security.Cryptography;
using System.Text;
using Actors.Yaml;

namespace Actors.Sim;

/// <summary>A machine, the domains on it, what happens to them and when, and what must come of it.</summary>
internal sealed record Scenario
{
    /// <summary>A hash of the text that it was read from.</summary>
    public string Fingerprint { get; init; } = "";

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
        if (scenario is null)
            throw new ScenarioException(problems.InOrder);
        return scenario with { Fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))) };
    }

    /// <summary>Of all domains that are there from the beginning or created later.</summary>
    public IReadOnlyList<string> DomainNames => [.. All.Select(spec => spec.Name)];

    /// <summary>A domain that is there from the beginning or created later.</summary>
    public DomainSpec? Find(string domain) => All.FirstOrDefault(spec => spec.Name == domain);

    private IEnumerable<DomainSpec> All => Domains.Concat(Events.OfType<CreateEvent>().Select(create => create.Spec));
}
