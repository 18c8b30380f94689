using Actors.Sdk;
using Actors.Xen.Hypercalls;

namespace Actors.Xen.Paging;

/// <summary>The xenpaging of one domain: started, watched, and ended with every page back in the guest.</summary>
/// <param name="domid">The domain.</param>
/// <param name="ground">What it stands on.</param>
/// <param name="files">Its files.</param>
/// <param name="refusal">Why it must not be started now; <see langword="null"/> when it may.</param>
internal sealed class XenPaging(int domid, PagerGround ground, PagerFiles files, Func<int, string?> refusal) : IPaging
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StartsAgainAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StuckAfter = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan NewsEvery = TimeSpan.FromMinutes(1);
    private const int Attempts = 3;

    private volatile IPagerProcess? _process = ground.Program.Find(domid);
    private volatile bool _atWork = true;
    private IPagerProcess? _told;
    private long _toldAt;

    public int Domid => domid;

    public PagerFiles Files => files;

    /// <summary>Released, but not all of its pages came in: whoever looks after pagers ends it when they have.</summary>
    public bool Leaving { get; private set; }

    public bool Running => _process is { Alive: true };

    public string? Fault => _process is { Alive: false } ? PagerReasons.DiskFull(files.Words(), ground.Room) ?? PagerReasons.OfLog(files.Words()) : null;

    /// <summary>Why it ended, if it did so by itself since the last time. One that ends again and again is news once a minute.</summary>
    public string? News()
    {
        if (!_atWork || _process is not { Alive: false } process || process == _told
            || (_told is not null && ground.Time.GetElapsedTime(_toldAt) < NewsEvery))
            return null;
        (_told, _toldAt) = (process, ground.Time.GetTimestamp());
        return Fault;
    }

    public async ValueTask StartAsync(CancellationToken cancellation = default)
    {
        Leaving = false;
        if (Running)
            return;
        _process = null;
        if (refusal(domid) is { } reason)
            throw new MechanismException(reason);
        var record = ground.Ask(domid) ?? throw new DomainGoneException(domid);
        var most = await MostAsync(record, cancellation);
        for (var attempt = 1; ; attempt++)
        {
            if (await BeginAsync(most, cancellation) is not { } why)
            {
                await ReserveAsync(new Pages(record.TotPages).ToKib(), cancellation);
                return;
            }
            if (attempt == Attempts || PagerReasons.IsForGood(why))
                throw new MechanismException(why);
            if (PagerReasons.IsHeld(why) && ground.Program.Find(domid) is null)
                ground.Detach(domid);
            await Task.Delay(StartsAgainAfter, ground.Time, cancellation);
        }
    }

    public async ValueTask StopAsync(CancellationToken cancellation = default)
    {
        await BringInAsync(cancellation);
        await EndAsync(cancellation);
    }

    /// <summary>Ends it, with what is still out lost.</summary>
    public async ValueTask EndAsync(CancellationToken cancellation)
    {
        _atWork = false;
        _process?.Terminate();
        while (Running)
            await Task.Delay(Look, ground.Time, cancellation);
        _process = null;
        Leaving = false;
        files.Remove();
    }

    // Of a pager that is told to end (SIGTERM) everything is lost that the host has no memory for at that moment: then it ends at once
    // (xenpaging_populate_page). So everything comes in first, and however long that takes, it goes on.
    private async ValueTask BringInAsync(CancellationToken cancellation)
    {
        var (least, moved) = (long.MaxValue, ground.Time.GetTimestamp());
        while (Running && ground.Ask(domid) is { PagedPages: > 0 } record)
        {
            if (least == long.MaxValue)
                await ground.Orders.BringInAsync(domid, cancellation);
            if (record.PagedPages < least)
                (least, moved) = (record.PagedPages, ground.Time.GetTimestamp());
            if (ground.Time.GetElapsedTime(moved) >= StuckAfter)
            {
                Leaving = true;
                await ground.Orders.RestAsync(domid, cancellation);
                throw new MechanismException(PagerReasons.StaysOut(record, ground.FreeMemory()));
            }
            await Task.Delay(Look, ground.Time, cancellation);
        }
    }

    // It handles no more than it is told at its start, and takes a target above that for that: a guest that grows later would be paged out again.
    private async ValueTask<Kib> MostAsync(DomainRecord record, CancellationToken cancellation) =>
        Kib.Max(await ground.Orders.StaticMaxAsync(domid, cancellation) ?? Kib.Zero, new Pages(record.MaxPages).ToKib());

    private async ValueTask ReserveAsync(Kib held, CancellationToken cancellation)
    {
        if (ground.Room.InMemory || files.Reserve(held))
            return;
        await EndAsync(cancellation);
        throw new MechanismException(PageFileRoom.Full(held, ground.Room.Folder));
    }

    /// <returns>Why it does not begin; <see langword="null"/> when it does.</returns>
    private async Task<string?> BeginAsync(Kib most, CancellationToken cancellation)
    {
        files.Remove();
        _atWork = false;
        var begun = ground.Time.GetTimestamp();
        // Known at once: who is superseded while it begins leaves it to the next one.
        var process = _process = ground.Program.Start(domid, most, files.Page, files.Log);
        // The page file is the last thing that it opens before it begins (tools/xenpaging/xenpaging.c, xenpaging_init).
        while (!File.Exists(files.Page) || !process.Alive)
        {
            var why = !process.Alive ? PagerReasons.OfLog(files.Words())
                : ground.Time.GetElapsedTime(begun) > StartsWithin ? PagerReasons.BeginsTooLate(StartsWithin) : null;
            if (why is not null)
            {
                process.Terminate();
                _process = null;
                return why;
            }
            await Task.Delay(Look, ground.Time, cancellation);
        }
        _atWork = true;
        return null;
    }
}
