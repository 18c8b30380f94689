using Actors.Sim.Specs;

namespace Actors.Sim.Scenarios;

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

    /// <summary>Of all domains that are there from the beginning or created later.</summary>
    public IReadOnlyList<string> DomainNames => [.. All.Select(spec => spec.Name)];

    /// <summary>A domain that is there from the beginning or created later.</summary>
    public DomainSpec? Find(string domain) => All.FirstOrDefault(spec => spec.Name == domain);

    private IEnumerable<DomainSpec> All => Domains.Concat(Events.OfType<CreateEvent>().Select(create => create.Spec));
}
