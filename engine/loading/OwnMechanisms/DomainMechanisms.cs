using Actors.Sdk;

namespace Actors.Loading.OwnMechanisms;

/// <summary>The mechanisms of a plugin's own for one domain. A call that still runs when they have ended gets no new ones.</summary>
internal sealed class DomainMechanisms(MechanismTable table, DomainIdentity domain)
{
    private const string NoReason = "the plugin gave no reason";

    private readonly Lock _gate = new();
    private readonly Dictionary<Type, object> _created = [];
    private readonly Dictionary<Type, object> _creating = [];
    private string? _ended;

    public Offer<TMechanism> Get<TMechanism>() where TMechanism : class
    {
        Lazy<Offer<TMechanism>> creating;
        lock (_gate)
        {
            if (_ended is not null)
                return Offer.None<TMechanism>(_ended);
            if (_created.TryGetValue(typeof(TMechanism), out var created))
                return Offer.Of((TMechanism)created);
            if (!_creating.TryGetValue(typeof(TMechanism), out var begun))
                _creating[typeof(TMechanism)] = begun = new Lazy<Offer<TMechanism>>(() => table.Create<TMechanism>(domain));
            creating = (Lazy<Offer<TMechanism>>)begun;
        }
        // The plugin's code runs without the lock, so that it cannot hold up the end of the domain.
        try
        {
            return Keep(creating.Value, creating);
        }
        catch (Exception)
        {
            Keep(Offer.None<TMechanism>(NoReason), creating);
            throw;
        }
    }

    /// <summary>Disposes of the mechanisms, and throws the first exception of one afterwards.</summary>
    public async Task EndAsync(string why)
    {
        List<object> created;
        lock (_gate)
        {
            _ended = why;
            created = [.. _created.Values];
            _created.Clear();
        }
        await Endings.AllAsync(created, DisposeAsync);
    }

    private Offer<TMechanism> Keep<TMechanism>(Offer<TMechanism> offer, Lazy<Offer<TMechanism>> creating) where TMechanism : class
    {
        bool first;
        string? ended;
        lock (_gate)
        {
            (first, ended) = (_creating.GetValueOrDefault(typeof(TMechanism)) == creating && _creating.Remove(typeof(TMechanism)), _ended);
            if (first && ended is null && offer.Available)
                _created[typeof(TMechanism)] = offer.Mechanism;
        }
        if (!offer.Available)
            return Offer.None<TMechanism>(string.IsNullOrWhiteSpace(offer.WhyNot) ? NoReason : offer.WhyNot);
        if (ended is null)
            return offer;
        // Its domain has disappeared while it was created.
        if (first)
            _ = DisposeAsync(offer.Mechanism).AsTask();
        return Offer.None<TMechanism>(ended);
    }

    private static async ValueTask DisposeAsync(object mechanism)
    {
        if (mechanism is IAsyncDisposable asynchronous)
            await asynchronous.DisposeAsync();
        else
            (mechanism as IDisposable)?.Dispose();
    }
}
