namespace Actors.Dispatch.Domains;

/// <summary>
/// The actors that hold something on a domain, in the order in which they took it. The state key keeps them, so that a daemon that
/// was killed knows after its restart what to release.
/// </summary>
internal sealed class Engagements(IEnumerable<string> actors)
{
    // A run and the removal of a plugin may both write.
    private readonly Lock _gate = new();
    private volatile IReadOnlyList<string> _actors = [.. actors];

    public IReadOnlyList<string> Actors => _actors;

    public bool Has(string actor) => _actors.Contains(actor);

    public void Add(string actor)
    {
        lock (_gate)
        {
            if (!Has(actor))
                _actors = [.. _actors, actor];
        }
    }

    public void Remove(string actor)
    {
        lock (_gate)
            _actors = [.. _actors.Where(other => other != actor)];
    }
}
