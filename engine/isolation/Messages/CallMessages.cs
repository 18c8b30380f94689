namespace Actors.Isolation.Messages;

/// <summary>The body of <c>Reach</c> and <c>Release</c>. The number of the request identifies the call.</summary>
internal sealed record CallBody(string Actor, DomainBody Domain, OffersBody Offers)
{
    /// <summary>The request; <see langword="null"/> in <c>Release</c>.</summary>
    public RequestBody? Request { get; init; }
}

internal sealed record DomainBody(int Domid, Guid Uuid, string Name);

/// <summary>For each mechanism why it is not available; <see langword="null"/> if it is.</summary>
internal sealed record OffersBody(string? MaxMem, string? Paging, string? Sharing, string? Tmem, string? Hinting)
{
    /// <summary>The pager, if paging is available.</summary>
    public PagerBody? Pager { get; init; }
}

/// <summary>What can be known about a pager without waiting.</summary>
internal sealed record PagerBody(bool Running, string? Fault, long? FaultedInPages);

internal sealed record RequestBody
{
    public required long TargetKib { get; init; }
    public required string Argument { get; init; }
    public required long Serial { get; init; }
    public required long FloorKib { get; init; }
    public required bool FloorIsExplicit { get; init; }
    public required long ToleranceKib { get; init; }

    /// <summary>In ticks of 100 ns; -1 for no limit.</summary>
    public required long TimeoutTicks { get; init; }

    public LearnedBody? Learned { get; init; }
}

internal sealed record LearnedBody(long FootprintKib, string Reason, bool Crashed);

internal sealed record LackBody(int Kinds, long HostMemoryKib);

internal sealed record OutcomeBody
{
    public required int Kind { get; init; }
    public required long FootprintKib { get; init; }
    public required string Reason { get; init; }
    public string Actor { get; init; } = "";
    public int Step { get; init; }
    public long? AloneKib { get; init; }
    public LackBody? Lacks { get; init; }
    public LearnedBody? Learned { get; init; }
}
