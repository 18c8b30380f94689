using System.Diagnostics;
using Actors.Sdk;
using Actors.Sim.Machine;

namespace Actors.Sim.Memory;

/// <content>The part that knows how the hypervisor maps the chunks, and what a balloon driver does with whole ones.</content>
internal sealed partial class GuestMemory
{
    private BalloonOrder? _order;

    /// <summary>How the hypervisor maps the chunks; <see langword="null"/> where superpages are not simulated.</summary>
    public HostMappings? Mappings { get; private set; }

    /// <summary>The pages that the guest has copied to make room for superpages.</summary>
    public long Copied { get; private set; }

    /// <summary>The number of 2 MiB chunks, the last one possibly incomplete.</summary>
    public int ChunkCount => _chunks.Count;

    /// <summary>Begins to track how the hypervisor maps the chunks. The memory is as it was built.</summary>
    public void Map(HostFrames frames)
    {
        Mappings = new HostMappings(_chunks.Count, frames);
        for (var index = 0; index < _chunks.Count; index++)
            if (IsFull(index))
                Mappings.Build(index);
    }

    /// <summary>Sets the order in which the balloon driver takes pages; without one it takes them chunk by chunk.</summary>
    public void OrderBalloon(BalloonOrder order) => _order = order;

    /// <summary>Whether the balloon driver takes only pages that are free already.</summary>
    public bool BalloonTakesFreePages => _order?.TakesFreePages ?? false;

    /// <summary>Makes one chunk a superpage again, if the balloon driver does that.</summary>
    public RepairResult Repair(Func<int, bool> tryExchange) => _order?.Repair(this, tryExchange) ?? RepairResult.Nothing;

    /// <summary>Moves up to <paramref name="most"/> pages of a class into the balloon and returns how many.</summary>
    public Pages Inflate(PageClass from, Pages most) => _order is null
        ? Convert(from, PageClass.Ballooned, most)
        : new Pages(_order.Inflate(this, from, Math.Max(0, Math.Min(most.Value, _pages[(int)from]))));

    /// <summary>Takes up to <paramref name="most"/> pages out of the balloon and returns how many.</summary>
    public Pages Deflate(Pages most) => _order is null
        ? Convert(PageClass.Ballooned, PageClass.Free, most)
        : new Pages(_order.Deflate(this, Math.Max(0, Math.Min(most.Value, _pages[(int)PageClass.Ballooned]))));

    /// <summary>How many pages of a class a chunk has.</summary>
    public int PagesIn(int chunk, PageClass kind) => _chunks.Pages(chunk, kind);

    /// <summary>Whether all 512 pages of a chunk are in memory and the domain's own.</summary>
    public bool IsFull(int chunk) => ResidentIn(chunk) == Chunks.Size;

    /// <summary>Converts up to <paramref name="most"/> pages in one chunk and returns how many.</summary>
    public long ConvertInChunk(int chunk, PageClass from, PageClass to, long most) => ConvertIn(chunk, from, to, most);

    /// <summary>Moves a chunk whose pages are all free into the balloon in one piece.</summary>
    public void InflateChunk(int chunk)
    {
        Debug.Assert(PagesIn(chunk, PageClass.Free) == Chunks.Size && IsFull(chunk), "only a chunk that is free as a whole has order 9");
        Relabel(chunk, PageClass.Free, PageClass.Ballooned, Chunks.Size);
        Mappings!.ReleaseAll(chunk);
    }

    /// <summary>Takes a chunk out of the balloon in one piece, if the machine has a 2 MiB frame for it.</summary>
    public bool TryDeflateChunk(int chunk)
    {
        Debug.Assert(PagesIn(chunk, PageClass.Ballooned) == Chunks.Size, "only an empty chunk can be allocated as a whole");
        if (!Mappings!.TryPopulateAll(chunk))
            return false;
        Relabel(chunk, PageClass.Ballooned, PageClass.Free, Chunks.Size);
        return true;
    }

    /// <summary>Exchanges the pages of a full chunk for one 2 MiB page, if the machine has a free one.</summary>
    public bool TryExchange(int chunk)
    {
        Debug.Assert(IsFull(chunk) && !Mappings!.IsWhole(chunk), "an exchange has as many pages on both sides");
        if (!Mappings!.TryExchange(chunk))
            return false;
        Version++;
        return true;
    }

    /// <summary>
    /// Copies up to <paramref name="most"/> pages of a class from a chunk into free pages of another one, and returns how many. Only pages that
    /// are in memory can be copied, and only into such.
    /// </summary>
    public long Copy(PageClass kind, int from, int into, long most)
    {
        Debug.Assert(IsPlain(from) && IsPlain(into), "a page without a frame of its own is not copied");
        var moved = Math.Min(most, Math.Min(PagesIn(from, kind), PagesIn(into, PageClass.Free)));
        if (moved <= 0)
            return 0;
        Relabel(from, kind, PageClass.Free, moved);
        Relabel(into, PageClass.Free, kind, moved);
        Copied += moved;
        return moved;
    }

    /// <summary>Whether no page of a chunk is paged out, shared or discarded.</summary>
    public bool IsPlain(int chunk)
    {
        for (var kind = PageClass.Kernel; kind < PageClass.Ballooned; kind++)
            if (_chunks.PagedOut(chunk, kind) + _chunks.Shared(chunk, kind) + _chunks.Discarded(chunk, kind) > 0)
                return false;
        return true;
    }

    private int ResidentIn(int index)
    {
        var sum = 0;
        for (var kind = PageClass.Kernel; kind < PageClass.Ballooned; kind++)
            sum += _chunks.Resident(index, kind);
        return sum;
    }

    private bool IsEmpty(int index)
    {
        // Most often there are free pages left.
        for (var kind = PageClass.Free; kind >= PageClass.Kernel; kind--)
            if (_chunks.Resident(index, kind) > 0)
                return false;
        return true;
    }

    private void Unmap(int index, long pages)
    {
        if (Mappings is null || pages == 0)
            return;
        Version++;
        Mappings.Release(index, IsEmpty(index));
    }

    private void MapSingly(int index, long pages)
    {
        if (Mappings is null || pages == 0)
            return;
        Version++;
        Mappings.Populate(index);
    }
}
