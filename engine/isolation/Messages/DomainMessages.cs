namespace Actors.Isolation.Messages;

/// <summary>The body of every request and notice that a child makes on behalf of a call.</summary>
/// <param name="Call">The number of the call.</param>
internal sealed record DomainRequest(long Call)
{
    /// <summary>A path or a message.</summary>
    public string Text { get; init; } = "";

    /// <summary>A value to write.</summary>
    public string Value { get; init; } = "";

    /// <summary>An amount, whose unit depends on the verb: pages, KiB, or a weight. <see langword="null"/> for none.</summary>
    public long? Amount { get; init; }

    /// <summary>The level of a line in the log: 0 debug, 1 info, 2 warning.</summary>
    public int Level { get; init; }
}

/// <summary>The reply to <c>Inspect</c>, and to <c>StartPager</c> and <c>StopPager</c> without the domain.</summary>
internal sealed record InspectBody(InfoBody? Info, PagerBody? Pager);

internal sealed record InfoBody(
    int Domid, Guid Uuid, int Kind, int State, long TotPages, long MaxPages, long PagedPages, long SharedPages, long TmemPages, long PopulateOnDemandPages,
    long DiscardedPages, long? Superpages);

internal sealed record HostBody(long TotalKib, long FreeKib, long ClaimedKib, long ReserveKib);

/// <summary>The reply to <c>RequestHostMemory</c>.</summary>
internal sealed record GrantBody(long AmountKib, HostBody Host);

/// <summary>A value that may be absent.</summary>
internal sealed record TextBody(string? Text);

internal sealed record NamesBody(IReadOnlyList<string> Names);

internal sealed record PagesBody(long Pages);

internal sealed record SharingBody(string? Group, int Partners, long Shared, IReadOnlyList<string> Contents, long Freed, long TakenBack);

internal sealed record TmemBody(long Ephemeral, long Persistent, bool Frozen, long? CapKib, int Weight);

internal sealed record HintingBody(long Unused, long Volatile, long Withheld, long? LimitKib);
