using Actors.Sdk;

namespace Actors.Sim.Memory;

/// <content>
/// The part that knows which pages have no frame although the guest counts them: the host has discarded them, or has never given a frame because
/// the guest has not touched them.
/// </content>
internal sealed partial class GuestMemory
{
    private bool _populatesOnTouch;

    /// <summary>The pages outside the balloon that have no frame and no content anywhere.</summary>
    public Pages Discarded { get; private set; }

    public Pages DiscardedOf(PageClass kind) => new(_discarded[(int)kind]);

    /// <summary>The pages of a class that occupy memory of the machine.</summary>
    public Pages ResidentOf(PageClass kind) => Of(kind) - PagedOutOf(kind) - SharedOf(kind) - DiscardedOf(kind);

    /// <summary>From now on the guest has frames only for pages that it has touched. None has been touched so far.</summary>
    public void PopulateOnTouch()
    {
        _populatesOnTouch = true;
        Discard(PageClass.Free, Of(PageClass.Free));
    }

    /// <summary>How many pages of a class in a chunk are in memory and the domain's own.</summary>
    public int ResidentIn(int chunk, PageClass kind) => _chunks.Resident(chunk, kind);

    /// <summary>Discards up to <paramref name="most"/> resident pages of a class and returns how many.</summary>
    public Pages Discard(PageClass kind, Pages most)
    {
        var left = Math.Max(0, Math.Min(most.Value, ResidentOf(kind).Value));
        var discarded = new Pages(left);
        for (var index = 0; left > 0; index++)
            left -= DiscardIn(index, kind, left);
        return discarded;
    }

    /// <summary>Discards up to <paramref name="most"/> resident pages of a class in one chunk and returns how many.</summary>
    public long DiscardIn(int chunk, PageClass kind, long most)
    {
        var here = Math.Min(most, _chunks.Resident(chunk, kind));
        if (here <= 0)
            return 0;
        MarkDiscarded(chunk, kind, here);
        Unmap(chunk, here);
        return here;
    }

    /// <summary>Up to <paramref name="most"/> discarded pages of a class get frames. Returns how many.</summary>
    public Pages Populate(PageClass kind, Pages most)
    {
        var left = Math.Max(0, Math.Min(most.Value, _discarded[(int)kind]));
        var populated = new Pages(left);
        for (var index = 0; left > 0; index++)
        {
            var here = Math.Min(left, _chunks.Discarded(index, kind));
            MarkDiscarded(index, kind, -here);
            Fault(index, here);
            left -= here;
        }
        return populated;
    }

    /// <summary>Removes up to <paramref name="most"/> discarded pages of a class from the guest's cache: they are free. Returns how many.</summary>
    public Pages Forget(PageClass kind, Pages most)
    {
        var left = Math.Max(0, Math.Min(most.Value, _discarded[(int)kind]));
        var forgotten = new Pages(left);
        for (var index = 0; left > 0; index++)
        {
            var here = Math.Min(left, _chunks.Discarded(index, kind));
            MarkDiscarded(index, kind, -here);
            Relabel(index, kind, PageClass.Free, here);
            MarkDiscarded(index, PageClass.Free, here);
            left -= here;
        }
        return forgotten;
    }

    private long ConvertPresentFirst(PageClass from, PageClass to, long wanted)
    {
        // Linux puts reported pages at the end of its free lists, so that it uses the others first.
        var left = from == PageClass.Free && Discarded > Pages.Zero ? Math.Min(wanted, _pages[(int)from] - _discarded[(int)from]) : 0;
        var converted = left;
        for (var index = 0; left > 0; index++)
            left -= ConvertIn(index, from, to, Math.Min(left, _chunks.Pages(index, from) - _chunks.Discarded(index, from)));
        return Math.Max(0, converted);
    }

    /// <summary>Takes the discarded ones among pages that the guest converts, and returns how many.</summary>
    private long TakeDiscarded(int index, PageClass from, PageClass to, long moved)
    {
        if (_chunks.Discarded(index, from) is var here && here == 0)
            return 0;
        // Of its cache the guest does not know which pages are discarded.
        var pages = _chunks.Pages(index, from);
        var discarded = from == PageClass.Free ? Math.Max(0, moved - (pages - here)) : here * moved / pages;
        MarkDiscarded(index, from, -discarded);
        return discarded;
    }

    private void PutDiscarded(int index, PageClass from, PageClass to, long discarded)
    {
        if (to == PageClass.Free || KeepsContent(from, to))
            MarkDiscarded(index, to, discarded);
        else if (to != PageClass.Ballooned)
            Fault(index, discarded);
    }

    private void PopulateFromBalloon(int index, long pages)
    {
        if (_populatesOnTouch)
            MarkDiscarded(index, PageClass.Free, pages);
        else
            MapSingly(index, pages);
    }

    /// <summary>Pages get frames because the guest touches them; a whole chunk gets a 2 MiB frame if there is one.</summary>
    private void Fault(int index, long pages)
    {
        if (pages == 0)
            return;
        if (pages < Chunks.Size || Mappings?.TryFault(index) != true)
            MapSingly(index, pages);
    }

    private void MarkDiscarded(int index, PageClass kind, long pages)
    {
        if (pages == 0)
            return;
        _chunks.AddDiscarded(index, kind, pages);
        _discarded[(int)kind] += pages;
        Discarded += new Pages(pages);
        Version++;
    }
}
