using System.Runtime.CompilerServices;

namespace Actors.Sim.Memory;

/// <summary>One count for each <see cref="PageClass"/>.</summary>
[InlineArray((int)PageClass.Ballooned + 1)]
internal struct PageCounts
{
    private ushort _first;
}

/// <summary>The counts of the few chunks that have pages of several classes. Looking through a few numbers is faster than a hash table.</summary>
internal sealed class MixedChunks
{
    private int[] _chunks = new int[4];
    private PageCounts[] _counts = new PageCounts[4];

    public int Count { get; private set; }

    /// <summary>The counts of a chunk; zeroes if it has none here.</summary>
    public PageCounts this[int chunk] => Find(chunk) is >= 0 and var place ? _counts[place] : default;

    public void Set(int chunk, in PageCounts counts)
    {
        var place = Find(chunk);
        if (place < 0)
        {
            place = Count++;
            if (place == _chunks.Length)
            {
                Array.Resize(ref _chunks, 2 * place);
                Array.Resize(ref _counts, 2 * place);
            }
        }
        (_chunks[place], _counts[place]) = (chunk, counts);
    }

    public void Remove(int chunk)
    {
        var place = Find(chunk);
        if (place < 0)
            return;
        Count--;
        (_chunks[place], _counts[place]) = (_chunks[Count], _counts[Count]);
    }

    /// <summary>Copies everything to where it has its place by chunk.</summary>
    public void CopyTo(PageCounts[] counts)
    {
        for (var place = 0; place < Count; place++)
            counts[_chunks[place]] = _counts[place];
    }

    private int Find(int chunk) => _chunks.AsSpan(0, Count).IndexOf(chunk);
}
