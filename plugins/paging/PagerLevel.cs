using Actors.Sdk;

namespace Actors.Paging;

/// <summary>The footprint to which the pager may go now: paging in takes free memory of the host.</summary>
/// <param name="Footprint">The footprint.</param>
/// <param name="Missing">What the host does not have for the whole way; zero if it has everything.</param>
/// <param name="Host">The memory of the host, if it is known and the domain grows.</param>
internal sealed record PagerLevel(Kib Footprint, Kib Missing, HostMemory? Host)
{
    // A smaller grant is not worth a move.
    private static readonly Kib Least = Kib.FromMiB(1);

    /// <summary>Whether the domain is where it may be, although it should grow further.</summary>
    public bool IsHostFull(DomainInfo info) => Missing > Kib.Zero && Footprint - info.Footprint < Least;

    /// <summary>Whether the pager must get this level, if it has the other one.</summary>
    public bool Differs(Kib other) => Missing == Kib.Zero ? Footprint != other : (Footprint - other).Abs() >= Least;

    public static async ValueTask<PagerLevel> ForAsync(IDomain domain, DomainInfo info, TargetRequest request, CancellationToken cancellation)
    {
        var growth = Kib.Min(request.Target - info.Footprint, info.PagedPages.ToKib());
        if (growth <= Kib.Zero || await domain.RequestHostMemoryAsync(growth, cancellation) is not var (amount, host) || amount >= growth)
            return new PagerLevel(request.Target, Kib.Zero, null);
        return new PagerLevel(info.Footprint + amount, growth - amount, host);
    }
}
