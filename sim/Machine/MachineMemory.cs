using Actors.Sdk;

namespace Actors.Sim.Machine;

/// <summary>
/// The machine's memory. Pages that no domain holds and that are not shared are free. Ephemeral pages of tmem pools are held by their
/// domains and dropped when the memory is needed.
/// </summary>
internal sealed class MachineMemory(Pages total)
{
    public Pages Total { get; } = total;

    public Pages Free { get; private set; } = total;

    /// <summary>What can be taken: free pages, and pages that are dropped on demand.</summary>
    public Pages Available => Free + Ephemeral.Held;

    /// <summary>Pages that may be dropped.</summary>
    public EphemeralPages Ephemeral { get; } = new();

    /// <summary>Takes all of an amount or nothing.</summary>
    public bool TryTake(Pages amount)
    {
        if (amount > Available)
            return false;
        if (amount > Free)
            Ephemeral.Drop(amount - Free);
        Free -= amount;
        return true;
    }

    /// <summary>Takes an amount that is known to be available.</summary>
    public void Take(Pages amount)
    {
        if (!TryTake(amount))
            throw new InvalidOperationException("More memory was taken than was available.");
    }

    public void Give(Pages amount) => Free += amount;
}
