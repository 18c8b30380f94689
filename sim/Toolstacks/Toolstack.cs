using Actors.Sdk;
using Actors.Sim.Domains;
using Actors.Sim.Guests;
using Actors.Sim.Hypervisor;
using Actors.Sim.Specs;
using Actors.XenStore;

namespace Actors.Sim.Toolstacks;

/// <summary>
/// Creates, destroys and reboots domains as an administrator does with xl. Everything happens on the clock's loop, on whichever thread
/// the caller is.
/// It writes nothing below <c>memory-policy</c> except a domain's sharing group.
/// </summary>
internal sealed partial class Toolstack(SimulatedHost host)
{
    /// <summary>How long the hypervisor takes to free the memory of a dying domain.</summary>
    private static readonly TimeSpan DyingTime = TimeSpan.FromMilliseconds(200);

    /// <summary>How long it takes to read a domain from disk.</summary>
    private static readonly TimeSpan RestoringTime = TimeSpan.FromSeconds(2);

    private readonly DomainFill _fill = new(host);
    private readonly DomainNodes _nodes = new(host.DomainZero);
    private readonly Dictionary<SimulatedDomain, IXenStore> _connections = [];
    private readonly Dictionary<SimulatedDomain, Guest> _guests = [];

    /// <summary>What became of the claims.</summary>
    public ClaimLog Claims => _fill.Log;

    /// <summary>Writes the nodes of dom0, which no toolstack creates, and starts the host's monitor if there is one.</summary>
    public Task BeginAsync() => host.Clock.CallAsync(async () =>
    {
        await _nodes.MakeAsync(Get(0), host.Spec.Dom0Memory);
        if (host.Spec.Monitor is { } monitor)
            host.Clock.Spawn(new SharesMonitor(host, monitor).RunAsync, Get(0).Gone);
    });

    /// <summary>Builds a domain and boots it; it is running after its boot time.</summary>
    /// <exception cref="HypervisorException">Not enough free memory.</exception>
    public async Task<SimulatedDomain> CreateAsync(DomainSpec spec)
    {
        SimulatedDomain? domain = null;
        await host.Clock.CallAsync(async () =>
        {
            (domain, var store) = await BuildAsync(host.Build(spec), spec.Memory - spec.Offset);
            host.Trace.Write(domain, $"is created: {spec.Kind}, {spec.Memory}");
            host.Clock.Spawn(cancellation => BootAsync(domain, store, cancellation), domain.Gone);
        });
        return domain!;
    }

    /// <summary>
    /// Restores a domain of an earlier machine. Its nodes exist already. A domain that was booting is running at once, and a domain
    /// that was dying is destroyed.
    /// </summary>
    public Task RestoreAsync(DomainSpec spec, EarlierDomain earlier) => host.Clock.CallAsync(async () =>
    {
        var domain = host.Restore(earlier.Domid, earlier.Uuid, spec with { Uuid = earlier.Uuid }, earlier.Size);
        var store = _connections[domain] = host.Connect(domain.Domid);
        await host.DomainZero.IntroduceAsync(domain.Domid, (ulong)domain.Domid, (uint)domain.Domid);
        if (earlier.State == DomainState.Dying)
        {
            host.Clock.Spawn(_ => DestroyAsync(domain.Domid), domain.Gone);
            return;
        }
        domain.SetState(earlier.State == DomainState.Booting ? DomainState.Running : earlier.State);
        Run(domain, store, earlier.Booted ?? host.Clock.Elapsed);
        domain.PagerDied = !earlier.Paging && earlier.Size.PagedOut > Pages.Zero;
        domain.Tmem.Set(earlier.TmemFrozen, earlier.TmemCap, earlier.TmemWeight);
        if (earlier.Paging && host.GetMechanism<IPaging>(domain.Domid) is { Available: true } paging)
            await paging.Mechanism.StartAsync();
        host.Trace.Write(domain, "continues after a restart of the simulator");
    });

    /// <summary>When a domain's guest booted; <see langword="null"/> when it has not.</summary>
    public TimeSpan? BootedAt(SimulatedDomain domain) => GuestOf(domain)?.Booted;

    /// <summary>The guest of a domain; <see langword="null"/> when it has not booted.</summary>
    public Guest? GuestOf(SimulatedDomain domain) => _guests.GetValueOrDefault(domain);

    public Task DestroyAsync(int domid) => host.Clock.CallAsync(async () =>
    {
        var domain = Get(domid);
        if (domain.State == DomainState.Dying)
            return;
        domain.SetState(DomainState.Dying);
        host.Trace.Write(domain, "is dying");
        if (_guests.Remove(domain, out var guest))
            guest.Dispose();
        await Task.Delay(DyingTime, host.Clock);
        host.Destroy(domain);
        await _nodes.RemoveAsync(domain);
        if (_connections.Remove(domain, out var connection))
            await connection.DisposeAsync();
        host.Trace.Write(domain, "is gone");
        domain.Dispose();
    });

    public Task PauseAsync(int domid) => SetAsync(domid, DomainState.Running, DomainState.Paused, "is paused");

    public Task UnpauseAsync(int domid) => SetAsync(domid, DomainState.Paused, DomainState.Running, "is unpaused");

    public Task CrashAsync(int domid) => SetAsync(domid, DomainState.Running, DomainState.Crashed, "crashes");

    /// <summary>Kills the domain's pager, as dom0's kernel does when dom0 runs out of memory.</summary>
    public Task KillPagerAsync(int domid) => host.Clock.CallAsync(() =>
    {
        host.KillPager(domid, "xenpaging was killed (signal 9)");
        return Task.CompletedTask;
    });

    /// <summary>Destroys the domain and builds it again, with a new domid and the same UUID.</summary>
    public async Task<SimulatedDomain> RebootAsync(int domid)
    {
        SimulatedDomain? successor = null;
        await host.Clock.CallAsync(async () =>
        {
            var domain = Get(domid);
            if (domain.State == DomainState.Dying)
                throw new InvalidOperationException($"Domain {domid} is being destroyed already.");
            domain.SetState(DomainState.ShutDown);
            host.Trace.Write(domain, "reboots");
            await DestroyAsync(domid);
            successor = await CreateAsync(domain.Spec with { Uuid = domain.Uuid });
        });
        return successor!;
    }

    /// <summary>
    /// Saves the domain to disk and restores it, with a new domid and the same UUID. The guest does not boot again, and keeps its size and its
    /// <c>memory/target</c>; max_mem becomes that size and a little, as libxl sets it.
    /// </summary>
    public async Task<SimulatedDomain> SaveAndRestoreAsync(int domid)
    {
        SimulatedDomain? successor = null;
        await host.Clock.CallAsync(async () =>
        {
            var (saved, booted) = (Get(domid), BootedAt(Get(domid)));
            if (saved.State != DomainState.Running || booted is null)
                throw new InvalidOperationException($"Domain {domid} is {saved.State}, so it cannot be saved.");
            saved.SetState(DomainState.ShutDown);
            host.Trace.Write(saved, "is saved");
            var populated = saved.Memory.Populated;
            var target = await host.DomainZero.TryReadTextAsync($"{saved.Home}/{DomainKeys.BalloonTarget}");
            await DestroyAsync(domid);
            await Task.Delay(RestoringTime, host.Clock);
            var maxMem = populated.ToKib() + saved.Spec.Offset + DomainSpec.MaxMemSlack;
            var domain = host.Build(saved.Spec with { Uuid = saved.Uuid }, new DomainSize(populated, Pages.Zero, maxMem.ToPages()));
            (successor, var store) = await BuildAsync(domain, populated.ToKib());
            if (target is not null)
                await host.DomainZero.WriteTextAsync($"{domain.Home}/{DomainKeys.BalloonTarget}", target);
            domain.SetState(DomainState.Running);
            Run(domain, store, booted.Value);
            host.Trace.Write(domain, "is restored");
        });
        return successor!;
    }

    /// <summary>Changes max_mem, as another tool does.</summary>
    public Task SetMaxMemAsync(int domid, Kib maxMem) => host.Clock.CallAsync(() =>
    {
        var domain = Get(domid);
        domain.SetMaxMem(maxMem);
        host.Trace.Write(domain, $"has a max_mem of {maxMem} now");
        return Task.CompletedTask;
    });

    /// <summary>Removes a key below the domain's home, as xenstore-rm does in dom0.</summary>
    public Task RemoveAsync(int domid, string key) => host.Clock.CallAsync(async () =>
        await host.DomainZero.RemoveAsync($"{Get(domid).Home}/{key}"));

    /// <summary>Writes a key below the domain's home, as xenstore-write does in dom0.</summary>
    public Task WriteAsync(int domid, string key, string value) => host.Clock.CallAsync(async () =>
        await host.DomainZero.WriteTextAsync($"{Get(domid).Home}/{key}", value));

    private async Task BootAsync(SimulatedDomain domain, IXenStore store, CancellationToken cancellation)
    {
        await Task.Delay(domain.Spec.BootTime, host.Clock, cancellation);
        if (domain.State != DomainState.Booting)
            return;
        domain.SetState(DomainState.Running);
        Run(domain, store, host.Clock.Elapsed);
        host.Trace.Write(domain, "is running");
    }

    /// <summary>Writes the nodes of a domain that was built, and notifies the store of it.</summary>
    private async Task<(SimulatedDomain Domain, IXenStore Store)> BuildAsync(SimulatedDomain domain, Kib target)
    {
        // The guest's end of its ring must exist before the store is notified of it.
        var store = _connections[domain] = host.Connect(domain.Domid);
        await _nodes.MakeAsync(domain, target);
        await host.DomainZero.IntroduceAsync(domain.Domid, (ulong)domain.Domid, (uint)domain.Domid);
        return (domain, store);
    }

    private void Run(SimulatedDomain domain, IXenStore store, TimeSpan booted) =>
        _guests[domain] = new Guest(domain, store, host.Clock, host.Trace, host.Spec.Seed, booted);

    private Task SetAsync(int domid, DomainState from, DomainState to, string happening) => host.Clock.CallAsync(() =>
    {
        var domain = Get(domid);
        if (domain.State != from)
            throw new InvalidOperationException($"Domain {domid} is {domain.State}, not {from}.");
        domain.SetState(to);
        host.Trace.Write(domain, happening);
        return Task.CompletedTask;
    });

    private SimulatedDomain Get(int domid) => host.Find(domid) ?? throw new DomainGoneException(domid);
}
