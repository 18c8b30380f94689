namespace Actors.Sim.Memory;

/// <summary>How the memory that a guest works with is mapped, as parts of one.</summary>
/// <param name="HostWhole">The part of all the guest's memory that the host maps with 2 MiB pages.</param>
/// <param name="HotWhole">The part of the working set that the host maps with 2 MiB pages.</param>
/// <param name="HotHuge">The part of the working set that the guest can map with 2 MiB pages: whole chunks that belong to it.</param>
/// <param name="HotBoth">The part of the working set for which both hold.</param>
internal readonly record struct MappingShares(double HostWhole, double HotWhole, double HotHuge, double HotBoth)
{
    /// <summary>Reads a memory whose mappings are simulated.</summary>
    public static MappingShares Of(GuestMemory memory)
    {
        var (hot, populated) = ((double)memory.Of(PageClass.Hot).Value, (double)memory.Populated.Value);
        long whole = 0, huge = 0, both = 0;
        for (var chunk = 0; hot > 0 && chunk < memory.ChunkCount; chunk++)
        {
            var here = memory.PagesIn(chunk, PageClass.Hot);
            var isWhole = memory.Mappings!.IsWhole(chunk);
            whole += isWhole ? here : 0;
            huge += here == Chunks.Size ? here : 0;
            both += isWhole && here == Chunks.Size ? here : 0;
        }
        return new(
            populated == 0 ? 0 : memory.Mappings!.Whole * (long)Chunks.Size / populated,
            hot == 0 ? 0 : whole / hot, hot == 0 ? 0 : huge / hot, hot == 0 ? 0 : both / hot);
    }
}
