using System.Runtime.CompilerServices;
using Actors.Sdk;

namespace Actors.Sim.Memory;

/// <summary>
/// A guest's memory by 2 MiB chunk. That is fine enough for superpages and for what a mechanism takes first, and coarse enough for a
/// thousand guests. Internal counts are plain numbers of 4 KiB pages; the public ones are <see cref="Pages"/>.
/// </summary>
internal sealed partial class GuestMemory
{
    private readonly Chunks _chunks;
    private PerClass<long> _pages;
    private PerClass<long> _pagedOut;
    private PerClass<long> _shared;
    private PerClass<long> _discarded;
    private PerClass<int> _cursors;
    private int _evictCursor;
    private long _evictedHere;
    private int _resumeCursor;

    /// <summary>Creates memory of a size; <paramref name="populated"/> pages are free and the rest are in the balloon.</summary>
    public GuestMemory(Pages size, Pages populated)
    {
        _chunks = new Chunks((int)((size.Value + Chunks.Size - 1) / Chunks.Size));
        // xenpaging starts there, too, away from the BIOS (tools/xenpaging/policy_default.c).
        _evictCursor = _chunks.Count / 2;
        for (var (index, left, free) = (0, size.Value, populated.Value); left > 0; index++)
        {
            var here = Math.Min(left, Chunks.Size);
            var freeHere = Math.Min(free, here);
            _chunks.Add(index, PageClass.Free, freeHere);
            _chunks.Add(index, PageClass.Ballooned, here - freeHere);
            Count(PageClass.Free, freeHere);
            Count(PageClass.Ballooned, here - freeHere);
            (left, free) = (left - here, free - freeHere);
        }
    }

    /// <summary>What the guest believes it has: everything outside its balloon.</summary>
    public Pages Populated { get; private set; }

    /// <summary>What the host has paged out.</summary>
    public Pages PagedOut { get; private set; }

    /// <summary>What it shares with other domains, so that it belongs to none of them.</summary>
    public Pages Shared { get; private set; }

    /// <summary>A number that every change of the memory raises.</summary>
    public long Version { get; private set; }

    /// <summary>What it occupies in the machine.</summary>
    public Pages Resident => Populated - PagedOut - Shared - Discarded;

    public Pages Of(PageClass kind) => new(_pages[(int)kind]);

    public Pages PagedOutOf(PageClass kind) => new(_pagedOut[(int)kind]);

    public Pages SharedOf(PageClass kind) => new(_shared[(int)kind]);

    /// <summary>Whether a page keeps its content when it moves from one class to another: file cache that ages.</summary>
    public static bool KeepsContent(PageClass from, PageClass to) => IsCache(from) && IsCache(to);

    /// <summary>
    /// Converts up to <paramref name="most"/> pages of one class into another and returns how many. The guest does this without knowing
    /// what is paged
    /// out or shared. A page that goes into the balloon takes its paged-out copy with it; one that comes out of it is resident.
    /// A shared page that is put to another use becomes the guest's own, and a discarded one is in memory again.
    /// </summary>
    public Pages Convert(PageClass from, PageClass to, Pages most)
    {
        var wanted = Math.Min(most.Value, _pages[(int)from]);
        var left = wanted - ConvertPresentFirst(from, to, wanted);
        ref var cursor = ref _cursors[(int)from];
        while (left > 0)
        {
            cursor = _chunks.NextWith(cursor, from);
            var row = left >= Chunks.Size && MovesAsRow(from, to) ? _chunks.RowOf(cursor, from, left / Chunks.Size) : 0;
            left -= row > 0 ? ConvertRow(cursor, row, from, to) : ConvertIn(cursor, from, to, left);
            cursor += Math.Max(0, row - 1);
            Advance(ref cursor, left);
        }
        return new Pages(Math.Max(0, wanted));
    }

    /// <summary>Pages out up to <paramref name="most"/> pages, going round the memory without knowing what they hold.</summary>
    public Pages PageOut(Pages most)
    {
        var wanted = Math.Max(0, Math.Min(most.Value, Resident.Value));
        for (var left = wanted; left > 0;)
        {
            // A page that comes back meanwhile is not taken again before the next round.
            var here = Math.Min(left, Chunks.Size - _evictedHere);
            var rest = here;
            for (var kind = PageClass.Kernel; kind < PageClass.Ballooned && rest > 0; kind++)
                rest -= MarkPagedOut(_evictCursor, kind, Math.Min(rest, _chunks.Resident(_evictCursor, kind)));
            Unmap(_evictCursor, here - rest);
            left -= here - rest;
            _evictedHere += here - rest;
            if (rest > 0 || _evictedHere == Chunks.Size)
                (_evictedHere, _evictCursor) = (0, (_evictCursor + 1) % _chunks.Count);
        }
        return new Pages(wanted);
    }

    /// <summary>Pages in up to <paramref name="most"/> pages, going round the memory.</summary>
    public Pages PageIn(Pages most)
    {
        var wanted = Math.Max(0, Math.Min(most.Value, PagedOut.Value));
        for (var left = wanted; left > 0; Advance(ref _resumeCursor, left))
        {
            var before = left;
            for (var kind = PageClass.Kernel; kind < PageClass.Ballooned && left > 0; kind++)
                left += MarkPagedOut(_resumeCursor, kind, -Math.Min(left, _chunks.PagedOut(_resumeCursor, kind)));
            MapSingly(_resumeCursor, before - left);
        }
        return new Pages(wanted);
    }

    /// <summary>Pages in up to <paramref name="most"/> pages of one class because the guest touched them.</summary>
    public Pages PageIn(PageClass kind, Pages most)
    {
        var wanted = Math.Max(0, Math.Min(most.Value, _pagedOut[(int)kind]));
        var left = wanted;
        for (var index = 0; left > 0; index++)
        {
            var here = -MarkPagedOut(index, kind, -Math.Min(left, _chunks.PagedOut(index, kind)));
            MapSingly(index, here);
            left -= here;
        }
        return new Pages(wanted);
    }

    /// <summary>Makes up to <paramref name="most"/> resident pages of a class shared and returns how many.</summary>
    public Pages Share(PageClass kind, Pages most)
    {
        var left = most.Value;
        for (var index = 0; index < _chunks.Count && left > 0; index++)
        {
            var here = MarkShared(index, kind, Math.Min(left, _chunks.Resident(index, kind)));
            Unmap(index, here);
            left -= here;
        }
        return most - new Pages(left);
    }

    /// <summary>Makes up to <paramref name="most"/> shared pages of a class the guest's own and returns how many.</summary>
    public Pages Unshare(PageClass kind, Pages most)
    {
        var left = Math.Max(0, Math.Min(most.Value, _shared[(int)kind]));
        var unshared = new Pages(left);
        for (var index = 0; left > 0; index++)
        {
            var here = -MarkShared(index, kind, -Math.Min(left, _chunks.Shared(index, kind)));
            MapSingly(index, here);
            left -= here;
        }
        return unshared;
    }

    private static bool IsCache(PageClass kind) => kind is PageClass.ActiveCache or PageClass.InactiveCache;

    private void Advance(ref int cursor, long left)
    {
        // The cursor stays on a chunk that has more to give, so that the next call continues there.
        if (left > 0)
            cursor = (cursor + 1) % _chunks.Count;
    }

    /// <summary>Whether nothing but the class of a page changes when it moves from one class to another.</summary>
    private bool MovesAsRow(PageClass from, PageClass to) => _pagedOut[(int)from] + _shared[(int)from] + _discarded[(int)from] == 0
        && ((Mappings is null && !_populatesOnTouch) || (from != PageClass.Ballooned && to != PageClass.Ballooned));

    private long ConvertRow(int index, int chunks, PageClass from, PageClass to)
    {
        var pages = (long)chunks * Chunks.Size;
        _chunks.ConvertRow(index, chunks, to);
        Count(from, -pages);
        Count(to, pages);
        Version++;
        return pages;
    }

    private long ConvertIn(int index, PageClass from, PageClass to, long most)
    {
        var here = _chunks.Pages(index, from);
        var moved = Math.Min(most, here);
        if (moved == 0)
            return 0;
        var discarded = TakeDiscarded(index, from, to, moved);
        // The guest picks without knowing which pages are paged out or shared, so they go in proportion, rounded together.
        var (present, presentHere) = (moved - discarded, Math.Max(1, here - discarded - _chunks.Discarded(index, from)));
        var pagedOut = _chunks.PagedOut(index, from) * present / presentHere;
        var shared = ((_chunks.PagedOut(index, from) + _chunks.Shared(index, from)) * present / presentHere) - pagedOut;
        MarkPagedOut(index, from, -pagedOut);
        MarkShared(index, from, -shared);
        Relabel(index, from, to, moved);
        if (to != PageClass.Ballooned)
            MarkPagedOut(index, to, pagedOut);
        if (KeepsContent(from, to))
            MarkShared(index, to, shared);
        if (to == PageClass.Ballooned)
            Unmap(index, present - pagedOut - shared);
        else if (from == PageClass.Ballooned)
            PopulateFromBalloon(index, moved);
        else if (!KeepsContent(from, to))
            MapSingly(index, shared);
        PutDiscarded(index, from, to, discarded);
        return moved;
    }

    private void Relabel(int index, PageClass from, PageClass to, long pages)
    {
        _chunks.Convert(index, from, to, pages);
        Count(from, -pages);
        Count(to, pages);
        Version++;
    }

    private void Count(PageClass kind, long pages)
    {
        _pages[(int)kind] += pages;
        if (kind != PageClass.Ballooned)
            Populated += new Pages(pages);
    }

    private long MarkPagedOut(int index, PageClass kind, long pages)
    {
        _chunks.AddPagedOut(index, kind, pages);
        _pagedOut[(int)kind] += pages;
        PagedOut += new Pages(pages);
        return pages;
    }

    private long MarkShared(int index, PageClass kind, long pages)
    {
        _chunks.AddShared(index, kind, pages);
        _shared[(int)kind] += pages;
        Shared += new Pages(pages);
        return pages;
    }

    /// <summary>One number for each <see cref="PageClass"/>.</summary>
    [InlineArray((int)PageClass.Ballooned + 1)]
    private struct PerClass<T>
    {
        private T _first;
    }
}
