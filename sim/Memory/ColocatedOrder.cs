namespace Actors.Sim.Memory;

/// <summary>
/// Single pages, but close to each other: from chunks that are already shattered, then from chunks that are free as a whole, and only then
/// from the others. The balloon needs no new interface of Xen for that.
/// </summary>
internal class ColocatedOrder : BalloonOrder
{
    public override long Inflate(GuestMemory memory, PageClass from, long pages)
    {
        var left = pages;
        left -= Move(memory, from, PageClass.Ballooned, left, chunk => !memory.Mappings!.IsWhole(chunk));
        left -= Move(memory, from, PageClass.Ballooned, left, chunk => memory.PagesIn(chunk, from) == Chunks.Size);
        return pages - left + Move(memory, from, PageClass.Ballooned, left, _ => true);
    }

    /// <summary>Chunks that are partly in the balloon come back first, because they are shattered anyway.</summary>
    public override long Deflate(GuestMemory memory, long pages)
    {
        var left = pages;
        left -= Move(memory, PageClass.Ballooned, PageClass.Free, left, chunk => memory.PagesIn(chunk, PageClass.Ballooned) < Chunks.Size);
        return pages - left + Move(memory, PageClass.Ballooned, PageClass.Free, left, _ => true);
    }

    private static long Move(GuestMemory memory, PageClass from, PageClass to, long pages, Func<int, bool> suits)
    {
        var left = pages;
        for (var chunk = 0; chunk < memory.ChunkCount && left > 0; chunk++)
            if (memory.PagesIn(chunk, from) > 0 && suits(chunk))
                left -= memory.ConvertInChunk(chunk, from, to, left);
        return pages - left;
    }
}
