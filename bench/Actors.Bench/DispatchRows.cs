using System.Diagnostics;
using Actors.Dispatch;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Journal;
using Actors.Dispatch.Registry;
using Actors.Host.Logging;
using Actors.Loading.Containment;
using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Bench;

/// <summary>
/// Compares the host's dispatcher over a thousand domains, with an actor that only writes <c>memory/target</c>, with a C program on
/// libxenstore that writes the key without any checks and without <c>state</c>.
/// </summary>
internal sealed class DispatchRows(Peer peer, string socketPath)
{
    private const int Domains = 1000;
    private const int StaticMax = 1048576;
    private const int LeastTarget = 524288;

    public IReadOnlyList<Row> All => [Of(window: 1, count: 10_000), Of(window: 64, count: 20_000)];

    private Row Of(int window, int count) => new(
        $"dispatch, {window} outstanding",
        "libxenstore, two connections",
        [Figure.Throughput("dispatches", 1.2, 1.5), Figure.Latency("p50", 1.1, 0.9)],
        () => peer.RunAsync(socketPath, "dispatch", count, window),
        () => OursAsync(window, count));

    private async Task<double[]> OursAsync(int window, int count)
    {
        await using var store = await XenStoreClient.ConnectAsync(XenStoreEndpoint.Socket(socketPath));
        await using var toolstack = await XenStoreClient.ConnectAsync(XenStoreEndpoint.Socket(socketPath));
        for (var domid = 1; domid <= Domains; domid++)
        {
            await toolstack.WriteTextAsync($"/local/domain/{domid}/memory/static-max", $"{StaticMax}");
            await toolstack.WriteTextAsync($"/local/domain/{domid}/memory-policy/actor", WritingActor.Name);
            await toolstack.RemoveAsync($"/local/domain/{domid}/memory-policy/target");
        }
        var machine = new ObedientMachine(Domains);
        var actor = new WritingActor(machine);
        var ground = new HostServices(store, machine, TimeProvider.System, new NoJournal(), _ => Log.Silent);
        using var containment = PluginContainment.OnThreads(ground, new PluginLimits());
        using var plugin = containment.Prepare(WritingActor.Name, onCallersThread: true);
        var directory = new ActorDirectory(WritingActor.Name);
        directory.SetActors([new PluginEntry(WritingActor.Name, plugin.Contain(actor))]);
        await using var watcher = new DomainWatcher(ground, directory);
        await watcher.StartAsync(default);
        // Dispatches to every domain once, so that all watches exist and the JIT has finished.
        await RunAsync(toolstack, actor, window: 16, Domains, LeastTarget - Domains);
        return await RunAsync(toolstack, actor, window, count, LeastTarget);
    }

    private static async Task<double[]> RunAsync(XenStoreClient toolstack, WritingActor actor, int window, int count, int least)
    {
        var (latencies, started, reached, done) = (new double[count], new long[count], new int[count], 0);
        using var slots = new SemaphoreSlim(window);
        var finished = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        actor.Reached = target =>
        {
            var i = (int)(target.Value - least);
            // A target that is written while its domain is added is reached twice, the second time perhaps during the next run.
            if (i < 0 || Interlocked.Exchange(ref reached[i], 1) == 1)
                return;
            latencies[i] = Stopwatch.GetElapsedTime(started[i]).TotalMicroseconds;
            slots.Release();
            if (Interlocked.Increment(ref done) == count)
                finished.SetResult();
        };
        var begun = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            await slots.WaitAsync();
            started[i] = Stopwatch.GetTimestamp();
            await toolstack.WriteTextAsync($"/local/domain/{1 + i % Domains}/memory-policy/target", $"{least + i}");
        }
        await finished.Task;
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        Array.Sort(latencies);
        return [count / seconds, latencies[count / 2]];
    }

    private sealed class NoJournal : IJournal
    {
        public void Append(JournalEntry entry)
        {
        }
    }
}

/// <summary>Writes <c>memory/target</c> and returns, because the domain is at its target at once.</summary>
internal sealed class WritingActor(ObedientMachine machine) : IActor
{
    public const string Name = "writer";

    public Action<Kib> Reached { get; set; } = _ => { };

    public async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        await domain.Store.WriteKibAsync(DomainKeys.BalloonTarget, request.Target, cancellation);
        machine.Move(domain.Identity.Domid, request.Target);
        Reached(request.Target);
        return Outcome.Reached(request.Target, "written");
    }

    public Task ReleaseAsync(IDomain domain, CancellationToken cancellation) => Task.CompletedTask;

    public ValueTask DisposeAsync() => default;
}

/// <summary>A hypervisor whose domains all run, and reach every target at once. A target that is missed would be requested again, and counted twice.</summary>
internal sealed class ObedientMachine(int domains) : IHypervisor
{
    private static readonly Kib Footprint = Kib.FromGiB(1);

    private readonly DomainInfo[] _domains = [.. Enumerable.Range(0, domains + 1).Select(domid => new DomainInfo
    {
        Domid = domid,
        Uuid = new Guid(domid, 0, 0, new byte[8]),
        Kind = DomainKind.Pvh,
        State = DomainState.Running,
        TotPages = Footprint.ToPages(),
        MaxPages = Footprint.ToPages(),
    })];

    public string Description => "obedient machine";

    public void Move(int domid, Kib footprint) => _domains[domid] = _domains[domid] with { TotPages = footprint.ToPages() };

    public ValueTask<HostMemory> GetHostMemoryAsync(CancellationToken cancellation = default) =>
        new(new HostMemory(Kib.FromGiB(domains), Kib.Zero, Kib.Zero));

    public ValueTask<IReadOnlyList<DomainInfo>> ListDomainsAsync(CancellationToken cancellation = default) => new(_domains);

    public ValueTask<DomainInfo?> GetDomainAsync(int domid, CancellationToken cancellation = default) => new(_domains[domid]);

    public Offer<TMechanism> GetMechanism<TMechanism>(int domid) where TMechanism : class =>
        Offer.None<TMechanism>("this machine has no mechanisms");
}
