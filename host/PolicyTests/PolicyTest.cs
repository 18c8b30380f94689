using Actors.Sdk;
using Actors.Sim.Scenarios;

namespace Actors.Host.PolicyTests;

/// <summary>One row of a policy's table of tests: a world, a target, and what must come of it.</summary>
internal sealed record PolicyTest
{
    public required string Name { get; init; }
    public required Scenario World { get; init; }

    /// <summary>Whose target it is, when it is written, and what must come of it.</summary>
    public required Expectation Expectation { get; init; }
    public required Kib Target { get; init; }
    public required TimeSpan At { get; init; }

    /// <summary>What the clock of the world shows when the target is written.</summary>
    public DateTime? Clock { get; init; }

    public TimeSpan? Timeout { get; init; }
    public Kib? Floor { get; init; }

    /// <summary>The actors of the steps that ran, in their order; any when <see langword="null"/>.</summary>
    public IReadOnlyList<string>? Steps { get; init; }

    /// <summary>Words that the reason must hold.</summary>
    public string? Reason { get; init; }
}
