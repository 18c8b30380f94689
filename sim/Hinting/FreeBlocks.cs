using Actors.Sim.Memory;
using Actors.Sim.Specs;

namespace Actors.Sim.Hinting;

/// <summary>A block on a free list of the guest's kernel.</summary>
/// <param name="Chunk">The chunk that it is in, or the first of the two that it consists of.</param>
/// <param name="Order">Its size, as a power of two of pages.</param>
/// <param name="Unreported">How many of its pages the host has not been told of; a block is reported as a whole.</param>
internal readonly record struct FreeBlock(int Chunk, int Order, long Unreported)
{
    public long Pages => 1L << Order;
}

/// <summary>
/// The free lists of a guest's kernel. A chunk that is free as a whole is one block, and two that are a pair are a larger one. The free pages of any other
/// chunk are taken for as few blocks as possible, since the world does not know where in the chunk they are.
/// </summary>
internal static class FreeBlocks
{
    private const int OrderOfChunk = 9;

    /// <summary>All blocks of at least an order.</summary>
    /// <param name="memory">The guest's memory.</param>
    /// <param name="smallest">The smallest order.</param>
    /// <param name="reported">How many free pages of each chunk have been reported.</param>
    /// <param name="fragmented">The part of the chunks that are never free as a whole.</param>
    public static IEnumerable<FreeBlock> Of(GuestMemory memory, int smallest, IReadOnlyList<int> reported, double fragmented = 0)
    {
        for (var chunk = 0; chunk < memory.ChunkCount; chunk++)
        {
            var free = memory.PagesIn(chunk, PageClass.Free);
            if (free < Chunks.Size || IsFragmented(chunk))
            {
                foreach (var block in Parts(chunk, free, Unreported(chunk), smallest))
                    yield return block;
            }
            else if (IsFirstOfPair(chunk) && !IsFragmented(chunk + 1) && memory.PagesIn(chunk + 1, PageClass.Free) == Chunks.Size)
            {
                yield return new FreeBlock(chunk, ReportingSpec.LargestOrder, Unreported(chunk) + Unreported(chunk + 1));
                chunk++;
            }
            else if (smallest <= OrderOfChunk)
                yield return new FreeBlock(chunk, OrderOfChunk, Unreported(chunk));
        }

        bool IsFirstOfPair(int chunk) => chunk % 2 == 0 && chunk + 1 < memory.ChunkCount;

        // Evenly spread over the memory.
        bool IsFragmented(int chunk) => Math.Floor((chunk + 1) * fragmented) > Math.Floor(chunk * fragmented);

        // A reported page that the guest has used since is in memory again.
        long Unreported(int chunk) => Math.Max(memory.PagesIn(chunk, PageClass.Free) - reported[chunk], memory.ResidentIn(chunk, PageClass.Free));
    }

    private static IEnumerable<FreeBlock> Parts(int chunk, int free, long unreported, int smallest)
    {
        for (var order = OrderOfChunk - 1; order >= smallest; order--)
            for (; free >= 1 << order; free -= 1 << order)
            {
                var here = Math.Min(unreported, 1L << order);
                unreported -= here;
                yield return new FreeBlock(chunk, order, here);
            }
    }
}
