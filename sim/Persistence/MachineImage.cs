namespace Actors.Sim.Persistence;

/// <summary>The state that all entries of a machine add up to.</summary>
internal sealed class MachineImage
{
    private readonly Dictionary<string, (long Order, NodeEntry Node)> _nodes = [];
    private readonly SortedDictionary<int, DomainEntry> _domains = [];
    private long _order;

    public MachineProgress Moment { get; private set; } = new(TimeSpan.Zero, 0, 0);

    public IReadOnlyCollection<DomainEntry> Domains => _domains.Values;

    /// <summary>The nodes, ordered by creation, which is the order of the store's lists.</summary>
    public IEnumerable<NodeEntry> Nodes => _nodes.Values.OrderBy(place => place.Order).Select(place => place.Node);

    /// <summary>The smallest list of entries with the same result.</summary>
    public IEnumerable<MachineEntry> Entries => [Moment, .. Domains, .. Nodes];

    /// <summary>Applies an entry and returns whether it changed anything.</summary>
    public bool Apply(MachineEntry entry) => entry switch
    {
        MachineProgress moment => Apply(moment),
        DomainEntry domain => Apply(domain),
        DomainGone gone => _domains.Remove(gone.Domid),
        NodeEntry node => Apply(node),
        NodeGone gone => _nodes.Remove(gone.Path),
        _ => throw new NotSupportedException($"{entry.GetType().Name} is not expected here."),
    };

    private bool Apply(MachineProgress moment)
    {
        var news = moment != Moment;
        Moment = moment;
        return news;
    }

    private bool Apply(DomainEntry domain)
    {
        var news = _domains.GetValueOrDefault(domain.Domid) != domain;
        _domains[domain.Domid] = domain;
        return news;
    }

    private bool Apply(NodeEntry node)
    {
        var order = _nodes.TryGetValue(node.Path, out var before) ? before.Order : _order++;
        _nodes[node.Path] = (order, node);
        return true;
    }
}
