namespace Actors.Dispatch.Domains;

/// <summary>
/// Which actors hold something on a domain, in the order in which they took it. Kept in the state key, so that a host that was
/// killed knows after its restart what there is to release.
/// </summary>
internal sealed class Engagements(IEnumerable<string> actors)
{
    // A run, and a plugin that is taken away, may both write.
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
