using Actors.Sdk;
using Actors.Xen.Hypercalls;

namespace Actors.Xen.Paging;

/// <summary>The xenpaging process of one domain. This class starts it, watches it, and ends it when every page is back in the guest.</summary>
/// <param name="domid">The domain.</param>
/// <param name="services">The services that pagers use.</param>
/// <param name="files">The files of the pager.</param>
/// <param name="refusal">Returns the reason if the pager must not be started now; <see langword="null"/> if it may.</param>
internal sealed class XenPaging(int domid, PagerServices services, PagerFiles files, Func<int, string?> refusal) : IPaging
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StuckAfter = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ReportInterval = TimeSpan.FromMinutes(1);
    private const int MaxAttempts = 3;

    private volatile IPagerProcess? _process = services.Program.Find(domid);
    private volatile bool _serving = true;
    private IPagerProcess? _reported;
    private long _reportedAt;

    public int Domid => domid;

    public PagerFiles Files => files;

    /// <summary>Whether the pager was released before all of its pages were paged in. <see cref="XenPagers.CheckAsync"/> ends it when they are.</summary>
    public bool Draining { get; private set; }

    public bool Running => _process is { Alive: true };

    // On a real Xen, the count of the library has not been seen to grow yet, and a wrong one would let paging:gentle harm a guest.
    public Pages? FaultedIn => null;

    public string? Fault => _process is { Alive: false } ? PagerReasons.DiskFull(files.ReadLogTail(), services.PageFiles) ?? PagerReasons.FromLog(files.ReadLogTail()) : null;

    /// <summary>The reason if the pager ended unexpectedly since the last call. A pager that ends repeatedly is reported once a minute.</summary>
    public string? UnexpectedEnd()
    {
        if (!_serving || _process is not { Alive: false } process || process == _reported
            || (_reported is not null && services.Time.GetElapsedTime(_reportedAt) < ReportInterval))
            return null;
        (_reported, _reportedAt) = (process, services.Time.GetTimestamp());
        return Fault;
    }

    public async ValueTask StartAsync(CancellationToken cancellation = default)
    {
        Draining = false;
        if (Running)
            return;
        _process = null;
        if (refusal(domid) is { } reason)
            throw new MechanismException(reason);
        var record = services.GetDomain(domid) ?? throw new DomainGoneException(domid);
        var most = await MostAsync(record, cancellation);
        for (var attempt = 1; ; attempt++)
        {
            if (await TryStartAsync(most, cancellation) is not { } why)
            {
                await ReserveAsync(new Pages(record.TotPages).ToKib(), cancellation);
                return;
            }
            if (attempt == MaxAttempts || PagerReasons.IsPermanent(why))
                throw new MechanismException(why);
            if (PagerReasons.IsRingInUse(why) && services.Program.Find(domid) is null)
                services.Detach(domid);
            await Task.Delay(RetryDelay, services.Time, cancellation);
        }
    }

    public async ValueTask StopAsync(CancellationToken cancellation = default)
    {
        await PageInAsync(cancellation);
        await EndAsync(cancellation);
    }

    /// <summary>Ends the pager. Pages that are still out are lost.</summary>
    public async ValueTask EndAsync(CancellationToken cancellation)
    {
        _serving = false;
        _process?.Terminate();
        while (Running)
            await Task.Delay(CheckInterval, services.Time, cancellation);
        _process = null;
        Draining = false;
        files.Remove();
    }

    // A pager that gets SIGTERM ends immediately if the host runs out of memory (xenpaging_populate_page), and the remaining pages are lost. So
    // everything is paged in first, and the pager keeps running however long that takes.
    private async ValueTask PageInAsync(CancellationToken cancellation)
    {
        var (least, moved) = (long.MaxValue, services.Time.GetTimestamp());
        while (Running && services.GetDomain(domid) is { PagedPages: > 0 } record)
        {
            // The host's reserve is not for pages that come back.
            if (record.PagedPages < least)
                await services.Targets.PageInAsync(record, services.FreeMemory(), slowly: false, cancellation);
            if (record.PagedPages < least)
                (least, moved) = (record.PagedPages, services.Time.GetTimestamp());
            if (services.Time.GetElapsedTime(moved) >= StuckAfter)
            {
                Draining = true;
                await DrainAsync(record, cancellation);
                throw new MechanismException(PagerReasons.NotPagedIn(record, services.FreeMemory()));
            }
            await Task.Delay(CheckInterval, services.Time, cancellation);
        }
    }

    /// <summary>Makes the pager bring back what the host has memory for now.</summary>
    public ValueTask DrainAsync(DomainRecord record, CancellationToken cancellation) =>
        services.Targets.PageInAsync(record, services.FreeMemory(), slowly: true, cancellation);

    // The pager limits its target to the maximum that it gets when it starts. With a low maximum, it would page out a guest that grows later.
    private async ValueTask<Kib> MostAsync(DomainRecord record, CancellationToken cancellation) =>
        Kib.Max(await services.Targets.StaticMaxAsync(domid, cancellation) ?? Kib.Zero, new Pages(record.MaxPages).ToKib());

    private async ValueTask ReserveAsync(Kib held, CancellationToken cancellation)
    {
        if (services.PageFiles.InMemory || await Task.Run(() => files.Reserve(held), CancellationToken.None))
            return;
        await EndAsync(cancellation);
        throw new MechanismException(PageFileFolder.Full(held, services.PageFiles.Path));
    }

    /// <returns>The reason if the pager does not start; <see langword="null"/> if it does.</returns>
    private async Task<string?> TryStartAsync(Kib most, CancellationToken cancellation)
    {
        files.RemoveOfProcess();
        _serving = false;
        var started = services.Time.GetTimestamp();
        // Not on the thread of the store connection, which every domain waits for. Set in any case: a run that is superseded while the pager
        // starts leaves it to the next run.
        var process = _process = await Task.Run(() => services.Program.Start(domid, most, files), CancellationToken.None);
        // The page file is the last thing that xenpaging opens before it starts to work (tools/xenpaging/xenpaging.c, xenpaging_init).
        while (!File.Exists(files.Page) || !process.Alive)
        {
            var why = !process.Alive ? PagerReasons.FromLog(files.ReadLogTail())
                : services.Time.GetElapsedTime(started) > StartLimit ? PagerReasons.StartTimedOut(StartLimit) : null;
            if (why is not null)
            {
                process.Terminate();
                _process = null;
                return why;
            }
            await Task.Delay(CheckInterval, services.Time, cancellation);
        }
        _serving = true;
        return null;
    }
}
