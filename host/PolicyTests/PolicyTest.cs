using Actors.Sdk;
using Actors.Sim.Scenarios;

namespace Actors.Host.PolicyTests;

/// <summary>One row of a policy's tests: a world, a target, and the expected outcome.</summary>
internal sealed record PolicyTest
{
    public required string Name { get; init; }
    public required Scenario World { get; init; }

    /// <summary>The domain that gets the target, and the expected outcome.</summary>
    public required Expectation Expectation { get; init; }

    /// <summary>The target to write.</summary>
    public required Kib Target { get; init; }

    /// <summary>When the target is written, counted from the start of the world.</summary>
    public required TimeSpan At { get; init; }

    /// <summary>The time on the clock of the world when the target is written.</summary>
    public DateTime? Clock { get; init; }

    public TimeSpan? Timeout { get; init; }
    public Kib? Floor { get; init; }

    /// <summary>The actors of the steps that must run, in order; <see langword="null"/> allows any.</summary>
    public IReadOnlyList<string>? Steps { get; init; }

    /// <summary>Text that the reason must contain.</summary>
    public string? Reason { get; init; }
}
