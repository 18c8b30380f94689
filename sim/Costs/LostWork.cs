namespace Actors.Sim.Costs;

/// <summary>
/// How long a guest waited for memory, in seconds per second of work or as parts of its time, by cause.
/// </summary>
/// <param name="Swap">It read its own swap.</param>
/// <param name="PageIn">The host's pager brought pages back.</param>
/// <param name="CopyOnWrite">It wrote to shared pages.</param>
/// <param name="Walks">Page walks took longer than with 2 MiB pages of the host.</param>
/// <param name="Balloon">Its balloon driver worked.</param>
/// <param name="FileReads">It read files again that were evicted from its cache.</param>
/// <param name="DiscardReads">It read files again that the host had discarded.</param>
/// <param name="Hinting">It told the host about its pages, and got frames for those that the host had discarded.</param>
/// <param name="Dead">It had crashed, or waited for a page that was lost with its pager.</param>
internal readonly record struct LostWork(double Swap, double PageIn, double CopyOnWrite, double Walks, double Balloon, double FileReads = 0,
    double DiscardReads = 0, double Hinting = 0, double Dead = 0)
{
    public double Sum => Swap + PageIn + CopyOnWrite + Walks + Balloon + FileReads + DiscardReads + Hinting + Dead;

    /// <summary>
    /// Turns waiting per second of work into the parts of all time that were lost: work of one second takes a second and the waiting.
    /// </summary>
    public LostWork AsPartOfTime() => Dead > 0 ? default(LostWork) with { Dead = 1 } : this * (1 / (1 + Sum));

    public static LostWork operator +(LostWork left, LostWork right) => new(
        left.Swap + right.Swap, left.PageIn + right.PageIn, left.CopyOnWrite + right.CopyOnWrite, left.Walks + right.Walks,
        left.Balloon + right.Balloon, left.FileReads + right.FileReads, left.DiscardReads + right.DiscardReads,
        left.Hinting + right.Hinting, left.Dead + right.Dead);

    public static LostWork operator *(LostWork lost, double factor) => new(
        lost.Swap * factor, lost.PageIn * factor, lost.CopyOnWrite * factor, lost.Walks * factor, lost.Balloon * factor,
        lost.FileReads * factor, lost.DiscardReads * factor, lost.Hinting * factor, lost.Dead * factor);
}
