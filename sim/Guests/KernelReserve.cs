using Actors.Sdk;
using Actors.Sim.Memory;

namespace Actors.Sim.Guests;

/// <summary>
/// The watermarks of a Linux kernel and the memory that it calls available (init_per_zone_wmark_min, calculate_totalreserve_pages and
/// si_mem_available in mm/page_alloc.c), for a guest of a size.
/// </summary>
internal readonly record struct KernelReserve(Pages Total, Pages LowWatermark)
{
    private const int LowmemReserveRatio = 256;

    public static KernelReserve Of(Kib memory)
    {
        var minimum = Math.Clamp((long)Math.Sqrt(memory.Value * 16.0), 128, 262144);
        return new(new Kib((minimum * 3 / 2) + (memory.Value / LowmemReserveRatio)).ToPages(), new Kib(minimum * 5 / 4).ToPages());
    }

    /// <summary>MemAvailable: free memory above the reserve, and the file cache without half of it or the low watermark.</summary>
    public Pages Available(GuestMemory memory)
    {
        var cache = memory.Of(PageClass.ActiveCache) + memory.Of(PageClass.InactiveCache);
        return Pages.Max(Pages.Zero, memory.Of(PageClass.Free) - Total + cache - Pages.Min(new Pages(cache.Value / 2), LowWatermark));
    }
}
