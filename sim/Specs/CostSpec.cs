namespace Actors.Sim.Specs;

/// <summary>How long a guest's CPU is kept from its work by each thing that a mechanism does to its memory.</summary>
internal sealed record CostSpec
{
    /// <summary>
    /// Until a page is back from a disk, from the guest's swap or from the host's page file. A free parameter: 100 µs is a solid-state disk.
    /// </summary>
    public CpuTime DiskRead { get; init; } = CpuTime.Microseconds(100);

    /// <summary>
    /// A page of a file that the guest reads from its own disk again. A free parameter: without read-ahead it is the same disk.
    /// </summary>
    public CpuTime FileRead { get; init; } = CpuTime.Microseconds(100);

    /// <summary>
    /// Until a page is on the host's disk, when a host that overcommits is full and a guest waits for its frame. A free parameter: the same disk.
    /// </summary>
    public CpuTime DiskWrite { get; init; } = CpuTime.Microseconds(100);

    /// <summary>
    /// A discard fault, on top of the read: the guest is notified, and drops the page from its cache. A free parameter: about a fault and a call.
    /// </summary>
    public CpuTime DiscardFault { get; init; } = CpuTime.Microseconds(10);

    /// <summary>One change of a page's state (ESSA on s390). A free parameter, from 100 ns to 1 us.</summary>
    public CpuTime PageState { get; init; } = new(200);

    /// <summary>
    /// A frame for a page that the host had discarded, when the guest uses the page again. Measured for HyperAlloc (EuroSys 2025): memory is returned and
    /// touched at 4 GiB/s.
    /// </summary>
    public CpuTime Populate { get; init; } = CpuTime.Microseconds(1);

    /// <summary>
    /// The copy of one page: after a write to a shared page, and when a guest compacts its memory. A free parameter: 1 µs is 4 GiB/s.
    /// </summary>
    public CpuTime PageCopy { get; init; } = CpuTime.Microseconds(1);

    /// <summary>
    /// A page walk with all pages at 4 KiB under nested paging, which is 24 references. Derived: one user's pointer chase over 4 GiB took 58 ns less
    /// per load with 2 MiB pages, which save 9 of the 24 references.
    /// </summary>
    public CpuTime PageWalk { get; init; } = new(155);

    /// <summary>One page into the balloon. Measured for HyperAlloc (EuroSys 2025): 0.95 GiB/s with 4 KiB pages.</summary>
    public CpuTime Inflate { get; init; } = new(4000);

    /// <summary>One page out of the balloon; the same source: 2.34 GiB/s.</summary>
    public CpuTime Deflate { get; init; } = new(1600);

    /// <summary>2 MiB into the balloon in one piece; the same source: 136 GiB/s.</summary>
    public CpuTime InflateSuperpage { get; init; } = new(14400);

    /// <summary>2 MiB out of the balloon in one piece; the same source: 326 GiB/s.</summary>
    public CpuTime DeflateSuperpage { get; init; } = new(6000);
}
