using Actors.Dispatch;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Journal;
using Actors.Dispatch.Registry;
using Actors.Dispatch.Settings;
using Actors.Dispatch.State;
using Actors.Host.Daemon;
using Actors.Sdk;
using Actors.Sim.Clock;
using Actors.Sim.Hypervisor;
using Actors.Sim.Specs;
using Actors.Sim.Toolstacks;
using Actors.XenStore;
using Actors.XenStore.Embedded;

namespace Actors.Host.Tests;

/// <summary>A simulated machine on a virtual clock. A test runs the host on it, on the loop of the clock.</summary>
internal sealed class TestWorld : IJournal
{
    private readonly SimulationClock _clock = new();
    private readonly EmbeddedXenStore _store = new();

    private TestWorld(HostSpec spec)
    {
        DomainZero = _store.Connect(0);
        Machine = new SimulatedHost(_clock, _store.Connect, spec);
        Toolstack = new Toolstack(Machine);
    }

    public IXenStore DomainZero { get; }
    public SimulatedHost Machine { get; }
    public Toolstack Toolstack { get; }
    public List<JournalEntry> Journal { get; } = [];

    /// <summary>What was logged, as <c>level: text</c>; lines of a domain have its number before the text.</summary>
    public List<string> Logged { get; } = [];
    public TimeProvider Time => _clock;
    public TimeSpan Elapsed => _clock.Elapsed;

    /// <summary>The settings by UUID, which outlive a host of <see cref="StartDispatchAsync"/>.</summary>
    public SettingsArchive Settings => field ??= new(null, _clock);

    /// <summary>The hypervisor of the host, if it is not the machine itself.</summary>
    public IHypervisor? Hypervisor { get; set; }

    /// <summary>The store of the host, if it is not the one of the tests.</summary>
    public IXenStore? Store { get; set; }

    public HostServices Services => field ??= new(Store ?? DomainZero, Hypervisor ?? Machine, _clock, this, domain => new RecordingLog(Logged, domain));

    /// <summary>Runs a test, for at most two hours of virtual time unless it sets another limit.</summary>
    public static void Run(Func<TestWorld, Task> test, HostSpec? spec = null, TimeSpan? limit = null)
    {
        var world = new TestWorld(spec ?? new HostSpec { Memory = Kib.FromGiB(64) });
        world._clock.Run(async () =>
        {
            await world.Toolstack.BeginAsync();
            await test(world);
        }, limit ?? TimeSpan.FromHours(2));
    }

    /// <summary>Starts the host with the shipped policies and plugins, or with other plugins.</summary>
    public Task<ActorHost> StartHostAsync(string? plugins = null, string? settings = null) => ActorHost.StartAsync(
        Services, new HostOptions { PluginFolder = plugins ?? ProgramFolder.Plugins, PolicyFolder = ProgramFolder.Policies, SettingsPath = settings });

    /// <summary>Starts dispatch alone, with actors made for a test.</summary>
    public async Task<DomainWatcher> StartDispatchAsync(ActorDirectory directory)
    {
        var watcher = new DomainWatcher(Services, directory, new StoredSettings(Services, Settings));
        await watcher.StartAsync(default);
        return watcher;
    }

    public async Task<int> CreateAsync(string name, DomainKind kind = DomainKind.Pvh, BalloonSpec? balloon = null, bool boot = true)
    {
        var spec = new DomainSpec
        {
            Name = name,
            Kind = kind,
            Memory = Kib.FromGiB(1),
            Guest = new GuestSpec { Balloon = balloon ?? new BalloonSpec() },
        };
        var domain = await Toolstack.CreateAsync(spec);
        if (boot)
            await Task.Delay(spec.BootTime + TimeSpan.FromMilliseconds(1), _clock);
        return domain.Domid;
    }

    public Task SetAsync(int domid, string key, string value) => Toolstack.WriteAsync(domid, $"memory-policy/{key}", value);

    public Task SetTargetAsync(int domid, Kib target) => SetAsync(domid, "target", $"{target.Value}");

    public async Task<StateKey?> StateAsync(int domid) =>
        await StateStore.TryReadAsync(DomainZero, domid, default);

    /// <summary>Waits until a domain's state satisfies the condition. Fails after an hour of virtual time, or after another limit.</summary>
    public async Task<StateKey> StateAsync(int domid, Func<StateKey, bool> wanted, TimeSpan? limit = null)
    {
        for (var end = Elapsed + (limit ?? TimeSpan.FromHours(1)); Elapsed < end; await Task.Delay(TimeSpan.FromMilliseconds(50), _clock))
            if (await StateAsync(domid) is { } state && wanted(state))
                return state;
        throw new AssertionException($"domain {domid} never reached the expected state; its state is: {await StateAsync(domid)}");
    }

    /// <summary>Sets a target and waits for its outcome.</summary>
    public async Task<StateKey> ReachAsync(int domid, Kib target, TimeSpan? limit = null)
    {
        var before = (await StateAsync(domid))?.Serial ?? 0;
        await SetTargetAsync(domid, target);
        return await StateAsync(domid, state => state.Final && state.Serial > before && state.Target == target, limit);
    }

    public Kib Footprint(int domid) => Machine.Find(domid)!.Info.Footprint;

    public DomainInfo Info(int domid) => Machine.Find(domid)!.Info;

    public Task AfterAsync(double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds), _clock);

    public void Append(JournalEntry entry) => Journal.Add(entry);

    private sealed class RecordingLog(List<string> lines, DomainIdentity? domain) : IActorLog
    {
        public void Debug(string message) => Add("debug", message);

        public void Info(string message) => Add("info", message);

        public void Warn(string message) => Add("warn", message);

        private void Add(string level, string message)
        {
            lock (lines)
                lines.Add(domain is null ? $"{level}: {message}" : $"{level}: {domain.Domid}: {message}");
        }
    }
}
