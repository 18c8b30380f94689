using Actors.Sim.Machine;

namespace Actors.Sim.Memory;

/// <summary>
/// How the hypervisor maps each chunk of a guest: with one 2 MiB page, or with 4 KiB pages. Releasing, paging or sharing one page of a
/// chunk shatters it. Xen never coalesces it again: only a chunk that is empty and allocated as a whole, or exchanged as a whole
/// (<c>XENMEM_exchange</c>), is mapped with one page afterwards.
/// </summary>
internal sealed class HostMappings(int count, HostFrames frames, Func<bool> admits)
{
    private readonly Mapping[] _chunks = new Mapping[count];

    /// <summary>The chunks that are mapped with one 2 MiB page.</summary>
    public int Whole { get; private set; }

    /// <summary>The 2 MiB pages that were given back in one piece.</summary>
    public long Released { get; private set; }

    /// <summary>The 2 MiB pages that were allocated in one piece after the domain was built.</summary>
    public long Populated { get; private set; }

    /// <summary>The chunks that were coalesced by an exchange.</summary>
    public long Exchanged { get; private set; }

    public bool IsWhole(int chunk) => _chunks[chunk] == Mapping.Whole;

    /// <summary>Maps a chunk that is full when the domain is built.</summary>
    public void Build(int chunk)
    {
        if (frames.TryTake())
            Become(chunk, Mapping.Whole);
    }

    /// <summary>Some pages of a chunk were given back one by one.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="isEmpty">Whether none of its pages is left.</param>
    public void Release(int chunk, bool isEmpty)
    {
        if (IsWhole(chunk))
            Become(chunk, Mapping.InPlace);
        // All of the frame is free again, so the host's allocator merges it.
        if (isEmpty && _chunks[chunk] == Mapping.InPlace)
            frames.Give();
    }

    /// <summary>All pages of a chunk were given back in one hypercall of order 9.</summary>
    public void ReleaseAll(int chunk)
    {
        Released++;
        if (_chunks[chunk] != Mapping.Scattered)
            frames.Give();
        Become(chunk, Mapping.InPlace);
    }

    /// <summary>Some pages of a chunk were allocated one by one, from anywhere in the machine.</summary>
    public void Populate(int chunk) => Become(chunk, Mapping.Scattered);

    /// <summary>Allocates an empty chunk in one piece, if the machine has a free 2 MiB frame that nobody else has claimed.</summary>
    public bool TryPopulateAll(int chunk)
    {
        if (!admits() || !frames.TryTake())
            return false;
        Populated++;
        Become(chunk, Mapping.Whole);
        return true;
    }

    /// <summary>Gives an empty chunk a 2 MiB page because the guest touches it, if the machine has a free 2 MiB frame.</summary>
    public bool TryFault(int chunk)
    {
        if (!frames.TryTake())
            return false;
        Become(chunk, Mapping.Whole);
        return true;
    }

    /// <summary>Exchanges the pages of a full chunk for one 2 MiB page, if the machine has a free 2 MiB frame.</summary>
    public bool TryExchange(int chunk)
    {
        if (!frames.TryTake())
            return false;
        Exchanged++;
        Become(chunk, Mapping.Whole);
        return true;
    }

    /// <summary>The domain is destroyed: its memory is given back to the machine.</summary>
    /// <param name="isFull">Whether all pages of a chunk are in memory.</param>
    public void Destroy(Func<int, bool> isFull)
    {
        for (var chunk = 0; chunk < _chunks.Length; chunk++)
            if (_chunks[chunk] != Mapping.Scattered && isFull(chunk))
                frames.Give();
    }

    private void Become(int chunk, Mapping mapping)
    {
        Whole += (mapping == Mapping.Whole ? 1 : 0) - (IsWhole(chunk) ? 1 : 0);
        _chunks[chunk] = mapping;
    }

    private enum Mapping : byte
    {
        /// <summary>4 KiB pages, whose frames lie anywhere in the machine.</summary>
        Scattered,

        /// <summary>4 KiB pages, those that are left of one 2 MiB frame.</summary>
        InPlace,

        /// <summary>One 2 MiB page.</summary>
        Whole,
    }
}
