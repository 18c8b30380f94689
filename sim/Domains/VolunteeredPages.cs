using Actors.Sdk;
using Actors.Sim.Memory;
using Actors.Sim.Specs;

namespace Actors.Sim.Domains;

/// <summary>
/// What a guest has volunteered by marking its pages (CMMA): its free pages are unused, and its clean file cache is volatile. Everything else is stable.
/// The file cache that is mapped for writing is potentially volatile: the host may discard a page while its dirty bit is clear. It counts as volatile
/// then, and as stable otherwise, like the rest of the cache.
/// </summary>
internal sealed class VolunteeredPages
{
    private static readonly PageClass[] Cache = [PageClass.InactiveCache, PageClass.ActiveCache];

    // To the nearest chunk.
    private static readonly Pages HalfChunk = new(Chunks.Size / 2);

    private readonly GuestMemory _memory;
    private readonly CmmaSpec _spec;
    private readonly bool _wholeChunks;
    private Func<Pages>? _dirty;
    private (long Version, long UnusedChunks, long CacheChunks) _chunks = (-1, 0, 0);

    public VolunteeredPages(GuestMemory memory, CmmaSpec spec, Kib discardUnit) =>
        (_memory, _spec, _wholeChunks) = (memory, spec, discardUnit.ToPages().Value >= Chunks.Size);

    /// <summary>The pages that the host may drop, and that are zero when the guest uses them again.</summary>
    public Pages Unused => _dirty is null ? Pages.Zero : _wholeChunks ? InChunks(Count().UnusedChunks) : _memory.ResidentOf(PageClass.Free);

    /// <summary>The pages that the host may discard, and that the guest reads from its disk when it needs them again.</summary>
    public Pages Volatile => _dirty is null ? Pages.Zero
        : _wholeChunks ? InChunks((long)(Count().CacheChunks * CleanChunks))
        : new Pages(Resident) - Dirty;

    /// <summary>The resident pages of the file cache that are dirty, or are being written back.</summary>
    public Pages Dirty => _dirty is null ? Pages.Zero : Pages.Min(_dirty(), new Pages(Resident));

    /// <summary>The guest has booted and marks its pages from now on.</summary>
    /// <param name="dirty">Returns how many pages of its file cache are dirty.</param>
    public void Begin(Func<Pages> dirty) => _dirty = dirty;

    /// <summary>Discards up to <paramref name="most"/> unused pages and returns how many.</summary>
    public Pages DiscardUnused(Pages most) => _wholeChunks
        ? DiscardChunks(most, Count().UnusedChunks, free => free == Chunks.Size)
        : _memory.Discard(PageClass.Free, Pages.Min(most, Unused));

    /// <summary>Discards up to <paramref name="most"/> volatile pages, those that were not read recently first, and returns how many.</summary>
    public Pages DiscardVolatile(Pages most)
    {
        if (_wholeChunks)
            return DiscardChunks(most, (long)(Count().CacheChunks * CleanChunks), free => free < Chunks.Size);
        var wanted = Pages.Min(most, Volatile);
        var discarded = Pages.Zero;
        foreach (var kind in Cache)
            discarded += _memory.Discard(kind, wanted - discarded);
        return discarded;
    }

    private long Resident => Cache.Sum(kind => _memory.ResidentOf(kind).Value);

    /// <summary>The part of the chunks of file cache that is clean as a whole: each extent of a file is clean or dirty as a whole, and independent of the others.</summary>
    private double CleanChunks => Resident == 0 ? 0 : Math.Pow(1 - (Dirty.Value / (double)Resident), Math.Max(1, Chunks.Size / (double)_spec.Extent.ToPages().Value));

    private static Pages InChunks(long chunks) => new(chunks * Chunks.Size);

    /// <summary>Counts the chunks that are unused as a whole, and those that are file cache and unused pages.</summary>
    private (long Version, long UnusedChunks, long CacheChunks) Count()
    {
        if (_chunks.Version == _memory.Version)
            return _chunks;
        var (unused, cache) = (0L, 0L);
        for (var chunk = 0; chunk < _memory.ChunkCount; chunk++)
        {
            var free = _memory.ResidentIn(chunk, PageClass.Free);
            if (free == Chunks.Size)
                unused++;
            else if (free + CacheIn(chunk) == Chunks.Size)
                cache++;
        }
        return _chunks = (_memory.Version, unused, cache);
    }

    private int CacheIn(int chunk) => Cache.Sum(kind => _memory.ResidentIn(chunk, kind));

    private Pages DiscardChunks(Pages most, long chunks, Func<int, bool> suits)
    {
        var discarded = Pages.Zero;
        for (var chunk = 0; chunk < _memory.ChunkCount && chunks > 0 && most - discarded >= HalfChunk; chunk++)
        {
            var free = _memory.ResidentIn(chunk, PageClass.Free);
            if (!suits(free) || free + CacheIn(chunk) != Chunks.Size)
                continue;
            chunks--;
            foreach (var kind in (PageClass[])[PageClass.Free, .. Cache])
                discarded += new Pages(_memory.DiscardIn(chunk, kind, Chunks.Size));
        }
        return discarded;
    }
}
