using Actors.Sdk;

namespace Actors.Sim;

/// <summary>The machine's memory: what no domain holds is free.</summary>
internal sealed class MachineMemory(Pages total)
{
    public Pages Total { get; } = total;

    public Pages Free { get; private set; } = total;

    /// <summary>Takes all of an amount, or nothing.</summary>
    public bool TryTake(Pages amount)
    {
        if (amount > Free)
            return false;
        Free -= amount;
        return true;
    }

    public void Give(Pages amount) => Free += amount;
}
