using Actors.Sdk;

namespace Actors.Sim.Recordings;

/// <summary>One domain at one moment, as it was recorded. What is <see langword="null"/> was not there.</summary>
internal sealed record RecordedDomain
{
    public required DateTimeOffset Time { get; init; }

    public required int Domid { get; init; }

    public required Guid Uuid { get; init; }

    public string Name { get; init; } = "";

    public DomainKind Kind { get; init; } = DomainKind.Pvh;

    public DomainState State { get; init; } = DomainState.Running;

    public required Kib Footprint { get; init; }

    public Kib MaxMem { get; init; }

    /// <summary>What the pager had paged out.</summary>
    public Kib PagedOut { get; init; }

    /// <summary>The target of a policy: <c>memory-policy/target</c>.</summary>
    public Kib? Target { get; init; }

    /// <summary>The actor key: <c>memory-policy/actor</c>.</summary>
    public string Actor { get; init; } = "";

    /// <summary>The target of the balloon driver: <c>memory/target</c>.</summary>
    public Kib? BalloonTarget { get; init; }

    public Kib? StaticMax { get; init; }

    /// <summary>What the guest reported; a guest can report anything.</summary>
    public RecordedReport? Report { get; init; }

    /// <summary>The memory of the host, in the row of dom0.</summary>
    public Kib? HostTotal { get; init; }

    /// <summary>The free memory of the host, in the row of dom0.</summary>
    public Kib? HostFree { get; init; }
}

/// <summary>What a guest reported about its memory.</summary>
internal sealed record RecordedReport(Kib Total, Kib Available)
{
    public Kib? Cached { get; init; }

    /// <summary>What the kernel holds and cannot give up.</summary>
    public Kib? Kernel { get; init; }

    public Kib? Committed { get; init; }

    public Kib? SwapTotal { get; init; }

    public Kib? SwapFree { get; init; }
}
