using Actors.Sdk;

namespace Actors.Sim.Machine;

/// <summary>
/// The machine's memory: what no domain holds and no two have in common is free. Ephemeral pages of tmem pools are held by their
/// domains, and dropped when somebody needs the memory.
/// </summary>
internal sealed class MachineMemory(Pages total)
{
    public Pages Total { get; } = total;

    public Pages Free { get; private set; } = total;

    /// <summary>What can be had: what is free, and what is dropped for it.</summary>
    public Pages Available => Free + Ephemeral.Held;

    /// <summary>Pages that may be dropped.</summary>
    public EphemeralPages Ephemeral { get; } = new();

    /// <summary>Takes all of an amount, or nothing.</summary>
    public bool TryTake(Pages amount)
    {
        if (amount > Available)
            return false;
        if (amount > Free)
            Ephemeral.Drop(amount - Free);
        Free -= amount;
        return true;
    }

    /// <summary>Takes an amount that is known to be there.</summary>
    public void Take(Pages amount)
    {
        if (!TryTake(amount))
            throw new InvalidOperationException("More memory was taken than there was room for.");
    }

    public void Give(Pages amount) => Free += amount;
}
