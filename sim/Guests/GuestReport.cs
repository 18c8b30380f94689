using System.Globalization;
using Actors.Sdk;
using Actors.Sim.Memory;

namespace Actors.Sim.Guests;

/// <summary>What a guest's kernel says about its memory, in the formats in which agents write it to xenstore.</summary>
/// <param name="Up">The time since the guest booted.</param>
/// <param name="Total">Everything outside its balloon.</param>
/// <param name="Free">Unused memory.</param>
/// <param name="Available">MemAvailable.</param>
/// <param name="Cached">File cache.</param>
/// <param name="Kernel">What its kernel holds, which it cannot give up.</param>
/// <param name="Committed">Committed_AS: the anonymous memory that its workload wants, whether it has it or not.</param>
/// <param name="Swap">The size of its swap.</param>
/// <param name="SwapFree">The unused part of its swap.</param>
/// <param name="Stalled">For how long its workload has waited for memory since it booted.</param>
internal readonly record struct GuestReport(
    TimeSpan Up, Kib Total, Kib Free, Kib Available, Kib Cached, Kib Kernel, Kib Committed, Kib Swap, Kib SwapFree, TimeSpan Stalled)
{
    /// <summary>What Qubes' writer counts as used: everything but free memory and file cache, and what is in the guest's swap.</summary>
    public Kib Used => Total - Cached - Free + Swap - SwapFree;

    public string Meminfo => Format(
        $"MemTotal: {Total.Value} kB\nMemFree: {Free.Value} kB\nMemAvailable: {Available.Value} kB\nCached: {Cached.Value} kB\n")
        + Format($"SwapTotal: {Swap.Value} kB\nSwapFree: {SwapFree.Value} kB\nSUnreclaim: {Kernel.Value} kB\nCommitted_AS: {Committed.Value} kB\n");

    /// <summary>KiB, but seconds in <c>up</c> and microseconds in <c>some</c> and <c>full</c>, which are PSI's totals.</summary>
    public string Pressure => Format($"v=1 up={(long)Up.TotalSeconds} total={Total.Value} free={Free.Value} avail={Available.Value} ")
        + Format($"committed={Committed.Value} swap={Swap.Value} swapfree={SwapFree.Value} some={Microseconds} full={Microseconds}");

    private long Microseconds => (long)Stalled.TotalMicroseconds;

    /// <summary>The report of a guest that claims to use a multiple of what it uses, as far as it is plausible.</summary>
    public GuestReport Times(double factor)
    {
        if (factor == 1)
            return this;
        Kib Scaled(Kib amount, Kib most) => Kib.Min(new Kib((long)(amount.Value * factor)), most);
        var cached = Scaled(Cached, Total);
        return this with
        {
            Cached = cached,
            Free = Total - cached - Scaled(Total - Free - Cached, Total - cached),
            Available = Total - Scaled(Total - Available, Total),
            Kernel = Scaled(Kernel, Total),
            Committed = new Kib((long)(Committed.Value * factor)),
            SwapFree = Swap - Scaled(Swap - SwapFree, Swap),
            Stalled = Stalled * factor,
        };
    }

    /// <summary>Reads a guest's memory.</summary>
    public static GuestReport Of(GuestMemory memory, KernelReserve reserve, Pages wanted, Kib swap, Pages swapped, TimeSpan up, TimeSpan stalled) => new(
        up, memory.Populated.ToKib(), memory.Of(PageClass.Free).ToKib(), reserve.Available(memory).ToKib(),
        (memory.Of(PageClass.ActiveCache) + memory.Of(PageClass.InactiveCache)).ToKib(), memory.Of(PageClass.Kernel).ToKib(), wanted.ToKib(),
        swap, swap - swapped.ToKib(), stalled);

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
