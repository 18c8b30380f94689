using System.Diagnostics;

namespace Actors.Sim.Memory;

/// <summary>
/// Whole chunks of 2 MiB where the guest has free ones, with one hypercall of order 9 each; single pages, close to each other, for the rest.
/// A chunk that was released as a whole comes back as a superpage.
/// </summary>
internal class SuperpageOrder : ColocatedOrder
{
    /// <summary>The guest drops its cache first; its pages are free then.</summary>
    public override bool TakesFreePages => true;

    public override long Inflate(GuestMemory memory, PageClass from, long pages)
    {
        Debug.Assert(from == PageClass.Free, "only free pages make up a chunk that is free");
        var left = pages;
        for (; left >= Chunks.Size && FindFree(memory) is { } chunk; left -= Chunks.Size)
            memory.InflateChunk(chunk);
        return pages - left + base.Inflate(memory, from, left);
    }

    public override long Deflate(GuestMemory memory, long pages)
    {
        var left = pages;
        for (var chunk = 0; chunk < memory.ChunkCount && left >= Chunks.Size; chunk++)
            if (memory.PagesIn(chunk, PageClass.Ballooned) == Chunks.Size)
            {
                if (!memory.TryDeflateChunk(chunk))
                    break;
                left -= Chunks.Size;
            }
        return pages - left + base.Deflate(memory, left);
    }

    /// <summary>Finds or makes a chunk whose pages are all free and in memory.</summary>
    protected virtual int? FindFree(GuestMemory memory)
    {
        // A shattered one is as good for the host, and becomes a superpage when it returns.
        int? whole = null;
        for (var chunk = 0; chunk < memory.ChunkCount; chunk++)
        {
            if (memory.PagesIn(chunk, PageClass.Free) < Chunks.Size || !memory.IsFull(chunk))
                continue;
            if (!memory.Mappings!.IsWhole(chunk))
                return chunk;
            whole ??= chunk;
        }
        return whole;
    }
}
