using Actors.Dispatch.Domains;
using Actors.Dispatch.Journal;
using Actors.Dispatch.State;
using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Host.Tests.Simulation;

internal sealed class KilledDaemonTests
{
    private const string Scenario = """
        host: { memory: 2GiB }
        domains: [ { name: slow, memory: 256MiB, boot: 10ms, guest: { balloon: { rate: 16MiB/s } } } ]
        """;

    private const string Last = "/local/domain/1/data/last";

    private static readonly Kib Start = Kib.FromMiB(256);
    private static readonly Kib MidRun = Kib.FromMiB(240);
    private static readonly Kib Target = Kib.FromMiB(192);

    private string _folder = null!;

    private string Socket => Path.Combine(_folder, "s");

    private string Journal => Path.Combine(_folder, "journal");

    [Test]
    public async Task A_target_survives_kill_9_and_its_run_is_resumed()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(5), TimeProvider.System);
        long resumedFrom;
        do
        {
            resumedFrom = await KillAndResumeAsync(deadline.Token);
            Assert.That(resumedFrom, Is.LessThan(Start.Value).And.GreaterThanOrEqualTo(Target.Value));
        }
        // On a busy machine, the guest may arrive before the kill does.
        while (resumedFrom == Target.Value);
    }

    private async Task<long> KillAndResumeAsync(CancellationToken deadline)
    {
        using var scratch = new ScratchFolder();
        _folder = scratch.Path;
        await File.WriteAllTextAsync(Path.Combine(_folder, "slow.yaml"), Scenario, deadline);
        using (var first = await StartAsync(deadline))
        {
            await using var store = await ConnectAsync(deadline);
            await store.WriteTextAsync(PolicyKeys.Of(1, PolicyKeys.Target), $"{Target.Value}", deadline);
            await StateAsync(store, state => state.Outcome == StateKey.Running && state.Footprint < MidRun, deadline);
            await store.WriteTextAsync(Last, "just before", deadline);
            await first.KillAsync(deadline);
        }

        using var second = await StartAsync(deadline);
        await using var again = await ConnectAsync(deadline);
        Assert.That(await again.ReadTextAsync(Last, deadline), Is.EqualTo("just before"));
        Assert.That(await again.ReadTextAsync(PolicyKeys.Of(1, PolicyKeys.Target), deadline), Is.EqualTo($"{Target.Value}"));
        Assert.That(second.Log, Has.Some.Contains("resumed the simulated machine of the daemon that was killed, with 1 domain"));
        var state = await StateAsync(again, state => state.Outcome == "reached", deadline);
        Assert.That(state.Footprint!.Value.Value, Is.EqualTo(Target.Value).Within(1024));
        Assert.That(await second.StopAsync(deadline), Is.Zero);
        Assert.That(Directory.GetFiles(_folder, "s*"), Is.EqualTo(new[] { Path.Combine(_folder, "slow.yaml") }));
        return JournalReader.Read(Journal).Last(entry => entry.Outcome == "reached").FromKib!.Value;
    }

    private Task<Daemon> StartAsync(CancellationToken deadline) =>
        Daemon.StartAsync(deadline, "--sim", Path.Combine(_folder, "slow.yaml"), "--store-socket", Socket, "--journal", Journal);

    private Task<XenStoreClient> ConnectAsync(CancellationToken deadline) =>
        XenStoreClient.ConnectAsync(XenStoreEndpoint.Socket(Socket), cancellation: deadline);

    private static async Task<StateKey> StateAsync(XenStoreClient store, Func<StateKey, bool> condition, CancellationToken deadline)
    {
        var path = PolicyKeys.Of(1, PolicyKeys.State);
        await using var watch = store.OpenWatchQueue();
        await watch.AddAsync(path, "state", deadline);
        while (true)
        {
            await watch.NextAsync(deadline);
            if (await StateStore.TryReadAsync(store, 1, deadline) is { } state && condition(state))
                return state;
        }
    }
}
