namespace Actors.Sim.Memory;

/// <summary>
/// A guest's memory in chunks of 2 MiB: how many pages of each class each has, and how many of those the host has paged out, shares or
/// has discarded.
/// Nearly every chunk is full of one class, so only the others have counts: thousands of guests fit into the memory of a test.
/// </summary>
internal sealed class Chunks(int count)
{
    /// <summary>The number of 4 KiB pages in a chunk, which is a superpage.</summary>
    public const int Size = 512;

    private const byte Mixed = byte.MaxValue;

    private readonly byte[] _classes = Filled(count);

    // A driver that takes pages at random mixes nearly every chunk; an array is smaller then.
    private MixedChunks? _fewMixed = new();
    private PageCounts[]? _manyMixed;

    // Most guests are never paged, share nothing and volunteer nothing.
    private PageCounts[]? _pagedOut;
    private PageCounts[]? _shared;
    private PageCounts[]? _discarded;

    public int Count => _classes.Length;

    public int Pages(int index, PageClass kind) => _classes[index] switch
    {
        Mixed => Counts(index)[(int)kind],
        var only => only == (byte)kind ? Size : 0,
    };

    public int PagedOut(int index, PageClass kind) => _pagedOut is null ? 0 : _pagedOut[index][(int)kind];

    public int Shared(int index, PageClass kind) => _shared is null ? 0 : _shared[index][(int)kind];

    public int Discarded(int index, PageClass kind) => _discarded is null ? 0 : _discarded[index][(int)kind];

    /// <summary>The pages that are the guest's own and in memory.</summary>
    public int Resident(int index, PageClass kind) =>
        kind == PageClass.Ballooned ? 0 : Pages(index, kind) - PagedOut(index, kind) - Shared(index, kind) - Discarded(index, kind);

    /// <summary>How many chunks in a row are full of a class, up to <paramref name="most"/>.</summary>
    public int RowOf(int index, PageClass kind, long most)
    {
        var ahead = _classes.AsSpan(index, (int)Math.Min(most, Count - index));
        var row = ahead.IndexOfAnyExcept((byte)kind);
        return row < 0 ? ahead.Length : row;
    }

    /// <summary>The next chunk that can have pages of a class, going round the memory; one of them must have.</summary>
    public int NextWith(int index, PageClass kind)
    {
        var ahead = _classes.AsSpan(index).IndexOfAny((byte)kind, Mixed);
        return ahead >= 0 ? index + ahead : _classes.AsSpan(0, index).IndexOfAny((byte)kind, Mixed);
    }

    /// <summary>Converts chunks in a row that are full of one class.</summary>
    public void ConvertRow(int index, int chunks, PageClass to) => _classes.AsSpan(index, chunks).Fill((byte)to);

    /// <summary>Converts pages of one class into another.</summary>
    public void Convert(int index, PageClass from, PageClass to, long pages)
    {
        if (pages == Size && _classes[index] == (byte)from)
        {
            _classes[index] = (byte)to;
            return;
        }
        var counts = All(index);
        Change(ref counts, from, -pages);
        Change(ref counts, to, pages);
        Set(index, counts, to);
    }

    /// <summary>Adds pages of a class.</summary>
    public void Add(int index, PageClass kind, long pages)
    {
        if (pages == 0)
            return;
        var counts = All(index);
        Change(ref counts, kind, pages);
        Set(index, counts, kind);
    }

    public void AddPagedOut(int index, PageClass kind, long pages)
    {
        if (pages != 0)
            Change(ref (_pagedOut ??= new PageCounts[Count])[index], kind, pages);
    }

    public void AddShared(int index, PageClass kind, long pages)
    {
        if (pages != 0)
            Change(ref (_shared ??= new PageCounts[Count])[index], kind, pages);
    }

    public void AddDiscarded(int index, PageClass kind, long pages)
    {
        if (pages != 0)
            Change(ref (_discarded ??= new PageCounts[Count])[index], kind, pages);
    }

    private PageCounts All(int index)
    {
        if (_classes[index] == Mixed)
            return Counts(index);
        var counts = new PageCounts();
        counts[_classes[index]] = Size;
        return counts;
    }

    /// <summary>Sets the counts of a chunk after pages of a class were added to it.</summary>
    private void Set(int index, in PageCounts counts, PageClass added)
    {
        if (counts[(int)added] == Size)
        {
            _classes[index] = (byte)added;
            _fewMixed?.Remove(index);
        }
        else
        {
            _classes[index] = Mixed;
            Keep(index, counts);
        }
    }

    private PageCounts Counts(int index) => _manyMixed is null ? _fewMixed![index] : _manyMixed[index];

    private void Keep(int index, in PageCounts counts)
    {
        if (_manyMixed is null && _fewMixed!.Count > Count / 8)
        {
            _manyMixed = new PageCounts[Count];
            _fewMixed.CopyTo(_manyMixed);
            _fewMixed = null;
        }
        if (_manyMixed is null)
            _fewMixed!.Set(index, counts);
        else
            _manyMixed[index] = counts;
    }

    private static void Change(ref PageCounts counts, PageClass kind, long pages)
    {
        ref var here = ref counts[(int)kind];
        here = checked((ushort)(here + pages));
    }

    // Until its pages are added, a chunk has none of any class.
    private static byte[] Filled(int count)
    {
        var classes = new byte[count];
        Array.Fill(classes, Mixed);
        return classes;
    }
}
