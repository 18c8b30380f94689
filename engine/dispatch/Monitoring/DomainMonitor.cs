using Actors.Dispatch.State;
using Actors.Sdk;

namespace Actors.Dispatch.Monitoring;

/// <summary>Monitors one domain: keeps what is known about it, and passes on what a check finds.</summary>
internal sealed class DomainMonitor(TimeProvider time)
{
    private readonly Lock _gate = new();
    private Watched? _watched;
    private Finding? _found;
    private Kib? _footprint;
    private bool _moved;

    /// <summary>Whether the next check must come soon: the domain moved, a deviation must be confirmed, or a retry is near.</summary>
    public bool IsRestless
    {
        get
        {
            lock (_gate)
                return _moved || _watched is { Strikes: 1 } or { RetryAt: not null };
        }
    }

    /// <summary>Compares a domain with its state.</summary>
    /// <param name="current">The state and what belongs to it; <see langword="null"/> while a run is in progress.</param>
    /// <param name="info">What the hypervisor reports.</param>
    /// <param name="pagesLost">Whether the domain has lost pages with its pager.</param>
    /// <returns>Whether something was found.</returns>
    public bool Check(Watched? current, DomainInfo info, bool pagesLost)
    {
        lock (_gate)
        {
            _moved = DriftRules.HasMoved(_footprint, info.Footprint);
            _footprint = info.Footprint;
            if (current is null)
                return false;
            var now = time.GetUtcNow();
            var watched = _watched is { } known && known.State == current.State
                ? known with { IsFollowedUp = current.IsFollowedUp, LeftAlone = current.LeftAlone }
                : DriftRules.Follow(_watched, current, now);
            (_watched, var found) = DriftRules.Check(watched, info, _moved, pagesLost, now);
            _found = found ?? _found;
            return found is not null;
        }
    }

    /// <summary>Takes what was found, unless another state was written since.</summary>
    public Finding? Take(StateKey? state)
    {
        lock (_gate)
        {
            var found = _found;
            _found = null;
            return found switch
            {
                Finding.Moved moved when moved.Of != state => null,
                Finding.Changed changed when changed.Of != state => null,
                _ => found,
            };
        }
    }
}
