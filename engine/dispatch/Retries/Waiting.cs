using Actors.Sdk;

namespace Actors.Dispatch.Retries;

/// <summary>A target that was not reached because something was missing. The host requests it again when that changes.</summary>
/// <param name="Target">The target.</param>
/// <param name="Lack">What was missing at the last attempt.</param>
/// <param name="Since">When the domain began to wait for this target. Memory is handed out in this order.</param>
internal sealed record Waiting(Kib Target, Lack Lack, DateTimeOffset Since)
{
    /// <summary>The end of the last attempt.</summary>
    public required DateTimeOffset Last { get; init; }

    /// <summary>How many retries in a row failed.</summary>
    public int Attempts { get; init; }

    /// <summary>How many of them were made because a condition had changed.</summary>
    public int Changes { get; init; }

    /// <summary>The pause that the policy sets between two attempts; <see langword="null"/> if it sets none.</summary>
    public TimeSpan? Every { get; init; }

    public bool Lacks(LackKinds kind) => (Lack.Kinds & kind) != 0;

    /// <summary>The free memory of the host that the domain still needs.</summary>
    public Kib HostMemoryFor(Kib footprint)
    {
        var rest = Target - footprint;
        return !Lacks(LackKinds.HostMemory) ? Kib.Zero
            : rest <= Kib.Zero ? Lack.HostMemory
            : Lack.HostMemory > Kib.Zero ? Kib.Min(Lack.HostMemory, rest) : rest;
    }
}
