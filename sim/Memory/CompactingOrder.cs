namespace Actors.Sim.Memory;

/// <summary>
/// Like <see cref="SuperpageOrder"/>, but where no chunk is free as a whole the guest makes one: it copies the few used pages of a chunk into
/// free pages of others. While it rests, it exchanges the pages of shattered chunks for superpages (<c>XENMEM_exchange</c>).
/// </summary>
internal sealed class CompactingOrder : SuperpageOrder
{
    private static readonly PageClass[] Movable = [PageClass.Hot, PageClass.Cold, PageClass.ActiveCache, PageClass.InactiveCache];

    public override RepairResult Repair(GuestMemory memory, Func<int, bool> tryExchange)
    {
        for (var chunk = 0; chunk < memory.ChunkCount; chunk++)
            if (!memory.Mappings!.IsWhole(chunk) && memory.IsFull(chunk))
                return tryExchange(chunk) ? RepairResult.Repaired : RepairResult.Refused;
        return RepairResult.Nothing;
    }

    protected override int? FindFree(GuestMemory memory) => base.FindFree(memory) ?? Empty(memory);

    /// <summary>Empties the chunk that needs the fewest copies; <see langword="null"/> when the guest has too few free pages for it.</summary>
    private static int? Empty(GuestMemory memory)
    {
        if (Cheapest(memory) is not { } chunk)
            return null;
        for (var into = 0; into < memory.ChunkCount && memory.PagesIn(chunk, PageClass.Free) < Chunks.Size; into++)
            if (into != chunk && memory.PagesIn(into, PageClass.Free) > 0 && memory.IsPlain(into))
                foreach (var kind in Movable)
                    memory.Copy(kind, chunk, into, Chunks.Size);
        return chunk;
    }

    private static int? Cheapest(GuestMemory memory)
    {
        var (best, most, room) = (-1, 0, 0L);
        for (var chunk = 0; chunk < memory.ChunkCount; chunk++)
        {
            var free = memory.PagesIn(chunk, PageClass.Free);
            if (free == 0 || !memory.IsPlain(chunk))
                continue;
            room += free;
            // The kernel's pages cannot be moved.
            if (free > most && memory.PagesIn(chunk, PageClass.Kernel) == 0 && memory.IsFull(chunk))
                (best, most) = (chunk, free);
        }
        return best >= 0 && room >= Chunks.Size ? best : null;
    }
}
