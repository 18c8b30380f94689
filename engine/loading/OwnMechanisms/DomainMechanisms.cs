using System.Runtime.ExceptionServices;
using Actors.Sdk;

namespace Actors.Loading.OwnMechanisms;

/// <summary>The mechanisms of a plugin's own for one domain. A call that still runs when they have ended gets no new ones.</summary>
internal sealed class DomainMechanisms(MechanismTable table, DomainIdentity domain)
{
    private const string NoReason = "the plugin gave no reason";

    private readonly Lock _gate = new();
    private readonly Dictionary<Type, object> _created = [];
    private string? _ended;

    public Offer<TMechanism> Get<TMechanism>() where TMechanism : class
    {
        // Held while the plugin's code runs: a domain has one call at a time.
        lock (_gate)
        {
            if (_ended is not null)
                return Offer.None<TMechanism>(_ended);
            if (_created.TryGetValue(typeof(TMechanism), out var created))
                return Offer.Of((TMechanism)created);
            var offer = table.Create<TMechanism>(domain);
            if (!offer.Available)
                return Offer.None<TMechanism>(string.IsNullOrWhiteSpace(offer.WhyNot) ? NoReason : offer.WhyNot);
            _created[typeof(TMechanism)] = offer.Mechanism;
            return offer;
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
        Exception? first = null;
        foreach (var mechanism in created)
        {
            try
            {
                await DisposeAsync(mechanism);
            }
            catch (Exception error)
            {
                first ??= error;
            }
        }
        if (first is not null)
            ExceptionDispatchInfo.Throw(first);
    }

    private static async ValueTask DisposeAsync(object mechanism)
    {
        if (mechanism is IAsyncDisposable asynchronous)
            await asynchronous.DisposeAsync();
        else
            (mechanism as IDisposable)?.Dispose();
    }
}
