namespace Actors.Sim.Memory;

/// <summary>
/// Single pages from anywhere, as Linux's driver takes them: it allocates with order 0, and a guest that has run for a while has free pages
/// everywhere.
/// </summary>
internal sealed class RandomOrder(Random random) : BalloonOrder
{
    /// <summary>With fewer than one page of the class in so many, drawing until one is hit takes longer than listing them all.</summary>
    private const int Sparse = 16;

    public override long Inflate(GuestMemory memory, PageClass from, long pages) => Move(memory, from, PageClass.Ballooned, pages);

    public override long Deflate(GuestMemory memory, long pages) => Move(memory, PageClass.Ballooned, PageClass.Free, pages);

    private long Move(GuestMemory memory, PageClass from, PageClass to, long pages)
    {
        var left = pages;
        for (; left > 0 && memory.Of(from).Value * Sparse > (long)memory.ChunkCount * Chunks.Size; left--)
            memory.ConvertInChunk(Draw(memory, from), from, to, 1);
        if (left > 0)
            MoveListed(memory, from, to, left);
        return pages;
    }

    /// <summary>Draws a page of a class, each with the same probability, and returns its chunk.</summary>
    private int Draw(GuestMemory memory, PageClass kind)
    {
        while (true)
        {
            // Less than 8 TiB have fewer pages than an int can count.
            var (chunk, page) = Math.DivRem(random.Next(memory.ChunkCount * Chunks.Size), Chunks.Size);
            if (page < memory.PagesIn(chunk, kind))
                return chunk;
        }
    }

    private void MoveListed(GuestMemory memory, PageClass from, PageClass to, long pages)
    {
        var chunks = new List<int>((int)memory.Of(from).Value);
        for (var chunk = 0; chunk < memory.ChunkCount; chunk++)
            for (var page = memory.PagesIn(chunk, from); page > 0; page--)
                chunks.Add(chunk);
        for (var left = pages; left > 0; left--)
        {
            var drawn = random.Next(chunks.Count);
            memory.ConvertInChunk(chunks[drawn], from, to, 1);
            chunks[drawn] = chunks[^1];
            chunks.RemoveAt(chunks.Count - 1);
        }
    }
}
