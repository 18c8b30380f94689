namespace Actors.Host.Domains;

/// <summary>
/// Which actors hold something on a domain, in the order in which they took it. Kept in the state key, so that a host that was
/// killed knows after its restart what there is to release.
/// </summary>
internal sealed class Engagements(IEnumerable<string> actors)
{
    private volatile IReadOnlyList<string> _actors = [.. actors];

    public IReadOnlyList<string> Actors => _actors;

    public bool Has(string actor) => _actors.Contains(actor);

    public void Add(string actor)
    {
        if (!Has(actor))
            _actors = [.. _actors, actor];
    }

    public void Remove(string actor) => _actors = [.. _actors.Where(other => other != actor)];
}
