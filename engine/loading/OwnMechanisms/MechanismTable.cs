using System.Collections.Concurrent;
using Actors.Sdk;

namespace Actors.Loading.OwnMechanisms;

/// <summary>The mechanisms of a plugin's own, in the process where the plugin runs: how they are created, and those of each domain.</summary>
internal sealed class MechanismTable
{
    private readonly Dictionary<Type, Func<DomainIdentity, object?>> _creators = [];
    private readonly ConcurrentDictionary<(int Domid, Guid Uuid), DomainMechanisms> _domains = new();
    private bool _closed;

    /// <summary>The names of the mechanisms, ordered.</summary>
    public IReadOnlyList<string> Names => [.. _creators.Keys.Select(type => type.Name).Order(StringComparer.Ordinal)];

    /// <summary>Adds a mechanism.</summary>
    public void Add<TMechanism>(Func<DomainIdentity, Offer<TMechanism>> create) where TMechanism : class
    {
        ArgumentNullException.ThrowIfNull(create);
        if (_closed)
            throw new InvalidOperationException("a mechanism can be offered only from Attach");
        if (!typeof(TMechanism).IsInterface || typeof(TMechanism).Assembly == typeof(IActor).Assembly)
            throw new ArgumentException($"{typeof(TMechanism).Name} cannot be a mechanism of the plugin's own: it must be an interface of the plugin");
        if (!_creators.TryAdd(typeof(TMechanism), domain => create(domain)))
            throw new ArgumentException($"the plugin offers {typeof(TMechanism).Name} already");
    }

    /// <summary>Ends the time in which mechanisms can be added.</summary>
    public void Close() => _closed = true;

    /// <summary>Whether the plugin offers a mechanism.</summary>
    public bool Offers(Type mechanism) => _creators.ContainsKey(mechanism);

    /// <summary>Creates a mechanism for a domain.</summary>
    public Offer<TMechanism> Create<TMechanism>(DomainIdentity domain) where TMechanism : class => (Offer<TMechanism>)_creators[typeof(TMechanism)](domain)!;

    /// <summary>The mechanisms of a domain.</summary>
    public DomainMechanisms Of(DomainIdentity domain) => _domains.GetOrAdd((domain.Domid, domain.Uuid), _ => new DomainMechanisms(this, domain));

    /// <summary>Disposes of the mechanisms of a domain that has disappeared.</summary>
    public Task EndAsync(DomainIdentity domain) =>
        _domains.TryRemove((domain.Domid, domain.Uuid), out var ended) ? ended.EndAsync($"domain {domain.Domid} does not exist any more") : Task.CompletedTask;

    /// <summary>Disposes of all mechanisms.</summary>
    public Task EndAllAsync() => Endings.AllAsync(_domains, domain =>
    {
        _domains.TryRemove(domain.Key, out _);
        return new ValueTask(domain.Value.EndAsync("the plugin is being unloaded"));
    });
}
