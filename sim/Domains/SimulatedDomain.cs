using Actors.Sdk;
using Actors.Sim.Machine;
using Actors.Sim.Memory;
using Actors.Sim.Specs;

namespace Actors.Sim.Domains;

/// <summary>
/// A domain as the hypervisor sees it: its identity, its state and its memory. All its memory moves through this class, so that the
/// machine's free memory and the domain's max_mem hold whichever mechanism moves it. It is used on the clock's loop only.
/// </summary>
internal sealed partial class SimulatedDomain : IDisposable
{
    private readonly MachineMemory _machine;
    private readonly CancellationTokenSource _gone = new();
    private readonly MemoryClaim _claim = new();
    private long _faultedIn;

    /// <summary>Builds the domain from the machine's free memory.</summary>
    /// <exception cref="HypervisorException">The machine does not have enough.</exception>
    public SimulatedDomain(int domid, Guid uuid, DomainSpec spec, MachineMemory machine, DomainSize? size = null)
    {
        (Domid, Uuid, Spec, Gone, _machine) = (domid, uuid, spec, _gone.Token, machine);
        var (populated, pagedOut, maxPages, persistent) = size ?? DomainSize.AsBuilt(spec);
        Memory = new GuestMemory((spec.Most - spec.Offset).ToPages(), populated);
        if (machine.Overcommits)
            Memory.PopulateOnTouch();
        Memory.PageOut(pagedOut);
        MaxPages = maxPages;
        Tmem = new DomainPools(spec.Guest.Tmem, machine, () => MaxPages - TotPages, persistent);
        if (TotPages > machine.AvailableTo(null))
        {
            const int OutOfMemory = 12;
            throw new HypervisorException("XENMEM_populate_physmap", OutOfMemory,
                $"{spec.Name} needs {TotPages.ToKib()}, and the host has {machine.AvailableTo(null).ToKib()} free");
        }
        // A paravirtualised guest manages its own page tables; Xen gives it no superpages.
        if (machine.Frames is { } frames && spec.Kind != DomainKind.Pv)
            Memory.Map(frames);
        machine.Take(TotPages);
        if (Tmem.Used)
            machine.Ephemeral.Add(Tmem);
    }

    /// <summary>Its footprint or its max_mem changed.</summary>
    public event Action? MemoryChanged;

    /// <summary>Its state changed: it was paused, resumed, crashed, …</summary>
    public event Action? StateChanged;

    /// <summary>The guest wrote to so many shared pages of a class or gave them to its balloon, so it no longer shares them.</summary>
    public event Action<PageClass, Pages>? SharedLost;

    /// <summary>Its memory was given back.</summary>
    public event Action? Destroyed;

    public int Domid { get; }

    public Guid Uuid { get; }

    public DomainSpec Spec { get; }

    /// <summary>Its path in xenstore.</summary>
    public string Home => $"/local/domain/{Domid}";

    /// <summary>The guest's memory. Other classes read it, and convert pages only among the populated classes.</summary>
    public GuestMemory Memory { get; }

    /// <summary>Which of its pages are shared.</summary>
    public SharedPages Shared { get; } = new();

    /// <summary>Its tmem pools.</summary>
    public DomainPools Tmem { get; }

    /// <summary>Its pager died: a guest that touches a paged-out page waits forever.</summary>
    public bool PagerDied { get; set; }

    /// <summary>How many pages were paged in because the guest touched them.</summary>
    public Pages FaultedIn => new(Volatile.Read(ref _faultedIn));

    public DomainState State { get; private set; } = DomainState.Booting;

    public Pages MaxPages { get; private set; }

    public Pages TotPages => Memory.Resident + Spec.Offset.ToPages() + Tmem.Held;

    /// <summary>How many of its pages have a content that other domains may have as well; none before the guest has booted.</summary>
    public IEnumerable<(Content Content, Pages Held)> Contents =>
        State == DomainState.Booting ? [] : MemoryContents.In(Spec.Guest.Contents, Memory, Shared.Written);

    /// <summary>Cancelled when the domain is destroyed; everything that runs in the domain ends with it.</summary>
    public CancellationToken Gone { get; }

    /// <summary>How many more pages its max_mem allows.</summary>
    public Pages BelowMaxMem => Pages.Max(Pages.Zero, MaxPages - TotPages);

    /// <summary>How many more pages it could get now.</summary>
    public Pages Room => Pages.Min(BelowMaxMem, _machine.AvailableTo(_claim));

    /// <summary>What it has claimed and not allocated yet.</summary>
    public Pages Claimed => _claim.Outstanding;

    /// <summary>How many pages went into its balloon since it was built.</summary>
    public Pages Inflated { get; private set; }

    /// <summary>How many pages came out of its balloon since it was built.</summary>
    public Pages Deflated { get; private set; }

    public DomainInfo Info => new()
    {
        Domid = Domid,
        Uuid = Uuid,
        Kind = Spec.Kind,
        State = State,
        TotPages = TotPages,
        MaxPages = MaxPages,
        PagedPages = Memory.PagedOut,
        SharedPages = Memory.Shared,
        TmemPages = Tmem.Held,
        Superpages = Memory.Mappings?.Whole,
    };

    public void SetState(DomainState state)
    {
        if (state == State)
            return;
        State = state;
        StateChanged?.Invoke();
    }

    public void SetMaxMem(Kib maxMem)
    {
        MaxPages = maxMem.ToPages();
        MemoryChanged?.Invoke();
    }

    /// <summary>The guest gives pages of a class to its balloon.</summary>
    public Pages Inflate(PageClass from, Pages most)
    {
        if (from != PageClass.Free && Memory.BalloonTakesFreePages)
            (from, most) = (PageClass.Free, Use(from, PageClass.Free, most));
        var shared = Memory.Shared;
        var moved = Settle(Memory.Resident, Memory.Inflate(from, most));
        Lost(from, shared, written: false);
        Inflated += moved;
        return moved;
    }

    /// <summary>
    /// The balloon driver coalesces one shattered chunk with <c>XENMEM_exchange</c>, if it does that at all. Xen allocates the new page without an
    /// owner, so it refuses while all free memory is claimed, even by this domain.
    /// </summary>
    public RepairResult Repair() => Memory.Repair(chunk =>
        _machine.AvailableTo(null) >= new Pages(Chunks.Size) && Memory.TryExchange(chunk));

    /// <summary>Claims memory up to a size, or gives the claim back when the size is zero (<c>XENMEM_claim_pages</c>).</summary>
    /// <exception cref="HypervisorException">The claim is refused.</exception>
    public void Claim(Kib size)
    {
        const int OutOfMemory = 12;
        const int Invalid = 22;
        var pages = size.ToPages();
        if (pages == Pages.Zero)
            _machine.Unclaim(_claim);
        else if (Claimed > Pages.Zero)
            throw new HypervisorException("XENMEM_claim_pages", Invalid, $"domain {Domid} has a claim already");
        else if (pages <= TotPages || pages > MaxPages)
            throw new HypervisorException("XENMEM_claim_pages", Invalid,
                $"{size} is not between the {TotPages.ToKib()} that domain {Domid} has and its max_mem, {MaxPages.ToKib()}");
        else if (!_machine.TryClaim(_claim, pages - TotPages))
            throw new HypervisorException("XENMEM_claim_pages", OutOfMemory,
                $"{(pages - TotPages).ToKib()} more are needed, and {_machine.AvailableTo(null).ToKib()} are free and not claimed");
    }

    /// <summary>
    /// The guest puts pages to another use. A shared page is copied first (copy-on-write), and a discarded one gets a frame, so this stops when
    /// there is no room.
    /// </summary>
    public Pages Use(PageClass from, PageClass to, Pages most)
    {
        if (GuestMemory.KeepsContent(from, to))
            return Memory.Convert(from, to, most);
        if (Memory.DiscardedOf(from) > Pages.Zero && to != PageClass.Free)
            return UseDiscarded(from, to, most);
        if (Memory.SharedOf(from) == Pages.Zero)
            return Memory.Convert(from, to, most);
        return UseShared(from, to, Pages.Min(most, Room));
    }

    /// <summary>The guest writes to shared pages of its working set and gets its own copies, as far as there is room.</summary>
    public Pages WriteShared(PageClass kind, Pages most)
    {
        var shared = Memory.Shared;
        var written = Unshare(kind, Pages.Min(most, Room));
        Lost(kind, shared, written: true);
        Shared.Written += written;
        return written;
    }

    /// <summary>Makes up to <paramref name="most"/> of its pages shared and returns how many.</summary>
    public Pages Share(PageClass kind, Pages most) => Settle(Memory.Resident, Memory.Share(kind, most));

    /// <summary>Makes up to <paramref name="most"/> of its shared pages its own again and returns how many.</summary>
    public Pages Unshare(PageClass kind, Pages most) => Settle(Memory.Resident, Memory.Unshare(kind, most));

    /// <summary>The guest puts up to <paramref name="most"/> pages into its tmem pools. Returns how many.</summary>
    public Pages PutTmem(Pages most) => Notify(Tmem.Put(most));

    /// <summary>Drops up to <paramref name="most"/> ephemeral pages of its tmem pools and returns how many.</summary>
    public Pages DropTmem(Pages most) => Notify(Tmem.Drop(most));

    /// <summary>The guest takes pages out of its balloon, as far as there is room.</summary>
    public Pages Deflate(Pages most)
    {
        var moved = Settle(Memory.Resident, Memory.Deflate(_machine.Overcommits ? most : Pages.Min(most, Room)));
        Deflated += moved;
        return moved;
    }

    /// <summary>A pager writes pages out.</summary>
    public Pages PageOut(Pages most) => Settle(Memory.Resident, Memory.PageOut(most));

    /// <summary>A pager brings pages back, as far as there is room.</summary>
    public Pages PageIn(Pages most) => Settle(Memory.Resident, Memory.PageIn(Pages.Min(most, Room)));

    /// <summary>A pager brings pages back that the guest touched, as far as there is room.</summary>
    public Pages PageIn(PageClass touched, Pages most)
    {
        var moved = Settle(Memory.Resident, Memory.PageIn(touched, Pages.Min(most, Room)));
        // Only the clock's loop writes; any thread may read.
        Volatile.Write(ref _faultedIn, _faultedIn + moved.Value);
        return moved;
    }

    /// <summary>Ends the domain and gives its memory back.</summary>
    public void Destroy()
    {
        _gone.Cancel();
        _machine.Unclaim(_claim);
        Memory.Mappings?.Destroy(Memory.IsFull);
        _machine.Give(TotPages);
        _machine.Ephemeral.Remove(Tmem);
        Destroyed?.Invoke();
    }

    public void Dispose() => _gone.Dispose();

    /// <summary>Settles a move with the machine, which gets or gives the difference to what was resident before.</summary>
    private Pages Settle(Pages before, Pages moved)
    {
        if (Memory.Resident < before)
            _machine.Give(before - Memory.Resident, _claim);
        else
            _machine.Take(Memory.Resident - before, _claim);
        return Notify(moved);
    }

    private Pages Notify(Pages moved)
    {
        MemoryChanged?.Invoke();
        return moved;
    }

    private Pages UseShared(PageClass from, PageClass to, Pages most)
    {
        var shared = Memory.Shared;
        var moved = Settle(Memory.Resident, Memory.Convert(from, to, most));
        Lost(from, shared, written: true);
        return moved;
    }

    /// <summary>The guest changed pages of a class and may have lost shared ones by it; it shared <paramref name="before"/>.</summary>
    private void Lost(PageClass kind, Pages before, bool written)
    {
        var lost = before - Memory.Shared;
        if (lost <= Pages.Zero)
            return;
        Shared.TakenBack += written ? lost : Pages.Zero;
        SharedLost?.Invoke(kind, lost);
    }
}
