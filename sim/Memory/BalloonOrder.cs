namespace Actors.Sim.Memory;

/// <summary>Which pages a balloon driver takes, and which ones it gives back first.</summary>
internal abstract class BalloonOrder
{
    /// <summary>Whether the driver takes only pages that are free already.</summary>
    public virtual bool TakesFreePages => false;

    /// <summary>Moves pages of a class into the balloon.</summary>
    /// <param name="memory">The guest's memory.</param>
    /// <param name="from">The class.</param>
    /// <param name="pages">How many; the guest has that many.</param>
    /// <returns>How many were moved.</returns>
    public abstract long Inflate(GuestMemory memory, PageClass from, long pages);

    /// <summary>Takes pages out of the balloon; they become free.</summary>
    /// <param name="memory">The guest's memory.</param>
    /// <param name="pages">How many; the balloon has that many.</param>
    /// <returns>How many were moved.</returns>
    public abstract long Deflate(GuestMemory memory, long pages);

    /// <summary>Makes one chunk a superpage again, which only some drivers do while they rest.</summary>
    /// <param name="memory">The guest's memory.</param>
    /// <param name="tryExchange">Requests the exchange of a chunk from the hypervisor.</param>
    public virtual RepairResult Repair(GuestMemory memory, Func<int, bool> tryExchange) => RepairResult.Nothing;
}

/// <summary>The result of <see cref="BalloonOrder.Repair"/>.</summary>
internal enum RepairResult
{
    /// <summary>There is nothing to repair.</summary>
    Nothing,

    /// <summary>One chunk was repaired; there may be more.</summary>
    Repaired,

    /// <summary>The hypervisor refused.</summary>
    Refused,
}
