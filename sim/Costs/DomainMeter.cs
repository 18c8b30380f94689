using Actors.Sdk;
using Actors.Sim.Domains;
using Actors.Sim.Guests;
using Actors.Sim.Memory;
using Actors.Sim.Specs;

namespace Actors.Sim.Costs;

/// <summary>Adds up what one domain loses, interval by interval.</summary>
internal sealed class DomainMeter(string name, CostSpec costs)
{
    private const int Buckets = 1000;
    private const double Percentile = 0.95;

    private readonly double[] _secondsAt = new double[Buckets + 1];
    private SimulatedDomain? _domain;
    private Counters _before;
    private LostWork _lost;
    private double _seconds;
    private long _walksVersion = -1;
    private double _extraReferences;

    public string Name => name;

    /// <summary>How long the domain was running, or dead, so far.</summary>
    public double Seconds => _seconds;

    /// <summary>The seconds of work that it has lost so far.</summary>
    public double Lost => _lost.Sum;

    public DomainCost Cost => new(name, _seconds, _lost, P95());

    /// <summary>Counts the time since the last call.</summary>
    /// <param name="domain">The domain that has the name now.</param>
    /// <param name="guest">Its guest, if it has booted.</param>
    /// <param name="seconds">How long the interval was.</param>
    public void Add(SimulatedDomain domain, Guest? guest, double seconds)
    {
        if (_domain != domain)
            (_domain, _before, _walksVersion) = (domain, new Counters(), -1);
        var now = Counters.Of(domain, guest);
        var moved = now - _before;
        _before = now;
        var dead = domain.State == DomainState.Crashed || (domain.PagerDied && domain.Memory.PagedOutOf(PageClass.Hot) > Pages.Zero);
        if (guest is null || seconds <= 0 || !(dead || domain.State == DomainState.Running))
            return;
        var waiting = dead ? default(LostWork) with { Dead = 1 } : Waiting(domain, guest, moved, seconds) * (1.0 / domain.Spec.Guest.Vcpus);
        var lost = waiting.AsPartOfTime();
        _lost += lost * seconds;
        _seconds += seconds;
        _secondsAt[(int)Math.Round(lost.Sum * Buckets)] += seconds;
    }

    private LostWork Waiting(SimulatedDomain domain, Guest guest, in Counters moved, double seconds) => new(
        guest.SwapIns * costs.DiskRead.Seconds,
        moved.FaultedIn * costs.DiskRead.Seconds / seconds,
        moved.CopiedOnWrite * costs.PageCopy.Seconds / seconds,
        Walks(domain, guest),
        moved.BalloonSeconds(costs) / seconds,
        moved.Reread * costs.FileRead.Seconds / seconds,
        moved.Returned * costs.Populate.Seconds / seconds);

    private double Walks(SimulatedDomain domain, Guest guest) => ExtraReferences(domain) is > 0 and var extra
        ? guest.TlbMisses * extra * costs.PageWalk.Seconds / PageWalks.Full
        : 0;

    private double ExtraReferences(SimulatedDomain domain)
    {
        if (domain.Memory.Mappings is null || domain.Memory.Of(PageClass.Hot) == Pages.Zero)
            return 0;
        if (_walksVersion != domain.Memory.Version)
        {
            var guest = domain.Spec.Guest;
            _walksVersion = domain.Memory.Version;
            _extraReferences = Math.Max(0,
                PageWalks.Average(MappingShares.Of(domain.Memory), guest.HugePages, guest.ContiguousTables) - PageWalks.Undisturbed(guest.HugePages));
        }
        return _extraReferences;
    }

    private double P95()
    {
        var left = _seconds * (1 - Percentile);
        for (var bucket = Buckets; bucket > 0; bucket--)
        {
            left -= _secondsAt[bucket];
            if (left < 0)
                return bucket / (double)Buckets;
        }
        return 0;
    }

    private readonly record struct Counters(long FaultedIn, long CopiedOnWrite, long Inflated, long Deflated, long Released, long Populated, long Copied,
        long Reread, long Returned)
    {
        public static Counters Of(SimulatedDomain domain, Guest? guest)
        {
            var mappings = domain.Memory.Mappings;
            return new(
                domain.FaultedIn.Value, domain.Shared.TakenBack.Value, domain.Inflated.Value, domain.Deflated.Value, mappings?.Released ?? 0,
                mappings?.Populated ?? 0, domain.Memory.Copied + ((mappings?.Exchanged ?? 0) * Chunks.Size),
                guest?.Reread ?? 0, domain.Returned.Value);
        }

        public double BalloonSeconds(CostSpec costs) =>
            ((Inflated - (Released * Chunks.Size)) * costs.Inflate.Seconds) + ((Deflated - (Populated * Chunks.Size)) * costs.Deflate.Seconds)
            + (Released * costs.InflateSuperpage.Seconds) + (Populated * costs.DeflateSuperpage.Seconds) + (Copied * costs.PageCopy.Seconds);

        public static Counters operator -(Counters left, Counters right) => new(
            left.FaultedIn - right.FaultedIn, left.CopiedOnWrite - right.CopiedOnWrite, left.Inflated - right.Inflated,
            left.Deflated - right.Deflated, left.Released - right.Released, left.Populated - right.Populated, left.Copied - right.Copied,
            left.Reread - right.Reread, left.Returned - right.Returned);
    }
}
