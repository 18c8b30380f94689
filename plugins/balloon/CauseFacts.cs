using Actors.Sdk;

namespace Actors.Balloon;

/// <summary>What is known when a guest stops on its way to a target.</summary>
internal sealed record CauseFacts
{
    /// <summary>The memory of the guest when the run started.</summary>
    public required Kib Start { get; init; }

    /// <summary>What the hypervisor reports now.</summary>
    public required DomainInfo Now { get; init; }

    /// <summary>The requested footprint.</summary>
    public required Kib Target { get; init; }

    /// <summary>The distance from the target that does not matter.</summary>
    public Kib Tolerance { get; init; } = Kib.FromMiB(1);

    /// <summary>How long the guest has made no progress.</summary>
    public TimeSpan Still { get; init; }

    /// <summary>Whether the guest published <c>control/feature-balloon</c>.</summary>
    public bool Published { get; init; }

    /// <summary>The guest's newest report, if it reports and the report has not expired.</summary>
    public GuestReport? Report { get; init; }

    /// <summary>Why the guest is about to run out of memory, if it reports that.</summary>
    public string? NearItsEnd { get; init; }

    /// <summary>The memory of the host, if it is known.</summary>
    public HostMemory? Host { get; init; }

    /// <summary>Whether the offset between footprint and balloon target was learned.</summary>
    public bool OffsetKnown { get; init; } = true;

    /// <summary>Why no pager can take over; <see langword="null"/> if one can.</summary>
    public string? WhyNoPager { get; init; }

    /// <summary>The memory of the guest now.</summary>
    public Kib Populated => Now.Populated;

    public bool Shrinking => Start > Target;

    /// <summary>The distance from the target.</summary>
    public Kib Rest => (Populated - Target).Abs();
}
