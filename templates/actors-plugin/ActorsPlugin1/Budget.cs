using Actors.Sdk;

namespace VendorNamespace;

/// <summary>The memory of all domains together that may be paged out.</summary>
internal sealed class Budget(Func<Kib> limit)
{
    private readonly Lock _gate = new();
    private Kib _held;

    /// <summary>Creates the mechanism for a domain. The host calls this when the actor first requests it, and disposes of it when the domain is gone.</summary>
    public Offer<IBudget> Of(DomainIdentity domain) =>
        limit() > Kib.Zero ? Offer.Of<IBudget>(new Share(this)) : Offer.None<IBudget>("there is no limit: the plugin's settings have no 'budget'");

    private bool TryReplace(Kib before, Kib after)
    {
        lock (_gate)
        {
            if (after > before && limit() is var most && most > Kib.Zero && _held - before + after > most)
                return false;
            _held = _held - before + after;
            return true;
        }
    }

    private sealed class Share(Budget budget) : IBudget, IDisposable
    {
        private Kib _held;

        public bool TryHold(Kib amount)
        {
            var wanted = Kib.Max(Kib.Zero, amount);
            if (!budget.TryReplace(_held, wanted))
                return false;
            _held = wanted;
            return true;
        }

        public void Dispose() => TryHold(Kib.Zero);
    }
}
