using Actors.Sim.Specs;

namespace Actors.Sim.Scenarios;

/// <summary>A machine, the domains on it, what happens to them and when, and what is expected.</summary>
internal sealed record Scenario
{
    /// <summary>A hash of the text from which the scenario was read.</summary>
    public string Fingerprint { get; init; } = "";

    public required HostSpec Host { get; init; }

    public required IReadOnlyList<DomainSpec> Domains { get; init; }

    /// <summary>The events, ordered by time.</summary>
    public required IReadOnlyList<ScenarioEvent> Events { get; init; }

    public required IReadOnlyList<Expectation> Expectations { get; init; }

    /// <summary>All domains that exist from the start or are created later.</summary>
    public IEnumerable<DomainSpec> All => Domains.Concat(Events.OfType<CreateEvent>().Select(create => create.Spec));

    /// <summary>The names of all domains that exist from the start or are created later.</summary>
    public IReadOnlyList<string> DomainNames => [.. All.Select(spec => spec.Name).Distinct()];

    /// <summary>Finds a domain that exists from the start or is created later.</summary>
    public DomainSpec? Find(string domain) => All.FirstOrDefault(spec => spec.Name == domain);
}
