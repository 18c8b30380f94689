using Actors.Sdk;

namespace Actors.Dispatch.Domains;

/// <summary>
/// The actors that hold something on a domain, in the order in which they took it. The state key keeps them, so that a daemon that
/// was killed knows after its restart what to release.
/// </summary>
internal sealed class Engagements(IEnumerable<string> actors, Kib? target = null)
{
    // A run and the removal of a plugin may both write.
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Kib?> _targets = actors.Distinct().ToDictionary(actor => actor, _ => target);
    private volatile IReadOnlyList<string> _actors = [.. actors];

    public IReadOnlyList<string> Actors => _actors;

    public bool Has(string actor) => _actors.Contains(actor);

    /// <summary>The target that an engaged actor received last; <see langword="null"/> if it is not known.</summary>
    public Kib? TargetOf(string actor)
    {
        lock (_gate)
            return _targets.GetValueOrDefault(actor);
    }

    /// <summary>Records that an actor is about to receive a target.</summary>
    public void Add(string actor, Kib target)
    {
        lock (_gate)
        {
            _targets[actor] = target;
            if (!Has(actor))
                _actors = [.. _actors, actor];
        }
    }

    public void Remove(string actor)
    {
        lock (_gate)
        {
            _targets.Remove(actor);
            _actors = [.. _actors.Where(other => other != actor)];
        }
    }
}
