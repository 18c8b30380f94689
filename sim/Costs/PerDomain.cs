using Actors.Sim.Domains;
using Actors.Sim.Hypervisor;

namespace Actors.Sim.Costs;

/// <summary>Something that is kept for each domain of a host except dom0, by name: a domain that reboots stays the same.</summary>
internal sealed class PerDomain<T>(SimulatedHost host, Func<string, T> make)
{
    private const int Dom0 = 0;

    private readonly Dictionary<string, T> _byName = [];
    private readonly List<(SimulatedDomain Domain, T Its)> _present = [];
    private IReadOnlyList<SimulatedDomain> _seen = [];

    /// <summary>What is kept for all domains that ever were, ordered by when they appeared.</summary>
    public IReadOnlyDictionary<string, T> All => _byName;

    /// <summary>The domains that exist, ordered by domid, and what is kept for each.</summary>
    public List<(SimulatedDomain Domain, T Its)> Present
    {
        get
        {
            if (_seen != host.Domains)
                Find();
            return _present;
        }
    }

    private void Find()
    {
        _seen = host.Domains;
        _present.Clear();
        foreach (var domain in _seen)
        {
            if (domain.Domid == Dom0)
                continue;
            if (!_byName.TryGetValue(domain.Spec.Name, out var its))
                _byName[domain.Spec.Name] = its = make(domain.Spec.Name);
            _present.Add((domain, its));
        }
    }
}
