using System.Diagnostics;

namespace Actors.Sim.Machine;

/// <summary>
/// How much of the machine's free memory is contiguous: the 2 MiB frames that are free as a whole. It is one number, because Xen serves
/// single pages from broken frames as long as there are any (its buddy allocator takes the smallest block that fits).
/// </summary>
/// <param name="pages">The pages of the machine, which are all free.</param>
/// <param name="allowed">Whether domains are mapped with 2 MiB pages at all (Xen's <c>hap_2mb</c>).</param>
internal sealed class HostFrames(long pages, bool allowed)
{
    /// <summary>The number of 4 KiB pages in a 2 MiB frame.</summary>
    public const int Size = 512;

    /// <summary>The free 2 MiB frames.</summary>
    public long Whole { get; private set; } = pages / Size;

    /// <summary>Takes a whole frame if there is one. The caller then takes its pages from the machine.</summary>
    public bool TryTake()
    {
        if (!allowed || Whole == 0)
            return false;
        Whole--;
        return true;
    }

    /// <summary>Notes that the pages that were given back, or will be, make up a whole frame.</summary>
    public void Give() => Whole++;

    /// <summary>Notes that the machine has more memory.</summary>
    public void Add(long pages) => Whole += pages / Size;

    /// <summary>Notes how many pages are free: more frames than fit into them cannot be whole.</summary>
    public void Limit(long freePages)
    {
        Debug.Assert(freePages >= 0, "a machine cannot owe memory");
        Whole = Math.Min(Whole, freePages / Size);
    }
}
