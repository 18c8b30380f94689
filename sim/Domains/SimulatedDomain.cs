using Actors.Sdk;

namespace Actors.Sim;

/// <summary>
/// A domain as the hypervisor holds it: who it is, what it does, and its memory. All its memory moves through here, so that the
/// machine's free memory and the domain's ceiling hold whichever mechanism moves it. Lives on the clock's loop.
/// </summary>
internal sealed class SimulatedDomain : IDisposable
{
    private readonly MachineMemory _machine;
    private readonly CancellationTokenSource _gone = new();

    /// <summary>Builds it from the machine's free memory.</summary>
    /// <exception cref="HypervisorException">The machine has not so much.</exception>
    public SimulatedDomain(int domid, Guid uuid, DomainSpec spec, MachineMemory machine, DomainSize? size = null)
    {
        (Domid, Uuid, Spec, Gone, _machine) = (domid, uuid, spec, _gone.Token, machine);
        var (populated, pagedOut, maxPages) = size ?? DomainSize.AsBuilt(spec);
        Memory = new GuestMemory((spec.Most - spec.Offset).ToPages(), populated);
        Memory.PageOut(pagedOut);
        MaxPages = maxPages;
        if (!machine.TryTake(TotPages))
        {
            const int OutOfMemory = 12;
            throw new HypervisorException("XENMEM_populate_physmap", OutOfMemory,
                $"{spec.Name} needs {TotPages.ToKib()}, and the host has {machine.Free.ToKib()} free");
        }
    }

    /// <summary>Its footprint or its ceiling changed.</summary>
    public event Action? MemoryChanged;

    /// <summary>It was paused, resumed, crashed, …</summary>
    public event Action? StateChanged;

    public int Domid { get; }

    public Guid Uuid { get; }

    public DomainSpec Spec { get; }

    /// <summary>For reading; change it through this class alone, or within what is populated.</summary>
    public GuestMemory Memory { get; }

    public DomainState State { get; private set; } = DomainState.Booting;

    public Pages MaxPages { get; private set; }

    public Pages TotPages => Memory.Resident + Spec.Offset.ToPages();

    /// <summary>Cancelled when it is destroyed: the end of everything that lives in it.</summary>
    public CancellationToken Gone { get; }

    /// <summary>What it could still be given.</summary>
    public Pages Room => Pages.Max(Pages.Zero, Pages.Min(MaxPages - TotPages, _machine.Free));

    public DomainInfo Info => new()
    {
        Domid = Domid,
        Uuid = Uuid,
        Kind = Spec.Kind,
        State = State,
        TotPages = TotPages,
        MaxPages = MaxPages,
        PagedPages = Memory.PagedOut,
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
    public Pages Inflate(PageClass from, Pages most) => Give(() => Memory.Convert(from, PageClass.Ballooned, most));

    /// <summary>The guest takes pages out of its balloon, as far as there is room.</summary>
    public Pages Deflate(Pages most) => Take(most, room => Memory.Convert(PageClass.Ballooned, PageClass.Free, room));

    /// <summary>A pager writes pages out.</summary>
    public Pages PageOut(Pages most) => Give(() => Memory.PageOut(most));

    /// <summary>A pager brings pages back, as far as there is room.</summary>
    public Pages PageIn(Pages most) => Take(most, Memory.PageIn);

    /// <summary>A pager brings pages back that the guest touched, as far as there is room.</summary>
    public Pages PageIn(PageClass touched, Pages most) => Take(most, room => Memory.PageIn(touched, room));

    /// <summary>Ends it, and gives its memory back.</summary>
    public void Destroy()
    {
        _gone.Cancel();
        _machine.Give(TotPages);
    }

    public void Dispose() => _gone.Dispose();

    private Pages Give(Func<Pages> move)
    {
        var before = Memory.Resident;
        var moved = move();
        _machine.Give(before - Memory.Resident);
        MemoryChanged?.Invoke();
        return moved;
    }

    private Pages Take(Pages most, Func<Pages, Pages> move)
    {
        var moved = move(Pages.Min(most, Room));
        if (moved > Pages.Zero && !_machine.TryTake(moved))
            throw new InvalidOperationException("More memory was taken than there was room for.");
        MemoryChanged?.Invoke();
        return moved;
    }
}
