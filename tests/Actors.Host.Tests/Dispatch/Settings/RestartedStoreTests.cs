using Actors.Dispatch;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Journal;
using Actors.Dispatch.Registry;
using Actors.Dispatch.Settings;
using Actors.Dispatch.State;
using Actors.Host.Logging;
using Actors.Sdk;
using Actors.XenStore;
using Actors.XenStore.Embedded;
using Actors.XenStore.Server;
using NSubstitute;

namespace Actors.Host.Tests.Dispatch.Settings;

/// <summary>A xenstored that is restarted, over its real socket: the domains run on.</summary>
internal sealed class RestartedStoreTests
{
    private static readonly DomainInfo Domain = new()
    {
        Domid = 1,
        Uuid = Guid.Parse("8b58dc5c-0165-75bb-b25b-e2c741fa9f49"),
        Kind = DomainKind.Pvh,
        State = DomainState.Running,
        TotPages = Kib.FromMiB(512).ToPages(),
        MaxPages = Kib.FromGiB(1).ToPages(),
    };

    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromMinutes(2), TimeProvider.System);
    private readonly List<Kib> _requests = [];
    private ScratchFolder _folder = null!;
    private XenStoreServer _server = null!;
    private IXenStore _store = null!;
    private SettingsArchive _archive = null!;

    private string Socket => Path.Combine(_folder.Path, "s");

    [OneTimeTearDown]
    public void End() => _deadline.Dispose();

    [SetUp]
    public void Start()
    {
        _folder = new ScratchFolder();
        _archive = new SettingsArchive(null, TimeProvider.System);
        _requests.Clear();
        Serve(new EmbeddedXenStore());
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _store.DisposeAsync();
        await _server.DisposeAsync();
        _archive.Dispose();
        _folder.Dispose();
    }

    [Test]
    public async Task A_store_that_comes_back_empty_gets_the_settings_and_the_state_again()
    {
        await using var client = await ConnectAsync();
        await using var watcher = await WatchAsync(client);
        await ReachAsync();

        await RestartAsync(new EmbeddedXenStore());

        await UntilAsync(async () => await KeyAsync(PolicyKeys.State) is { } state && state.StartsWith("outcome=reached ", StringComparison.Ordinal));
        Assert.That((await KeyAsync(PolicyKeys.Target), await KeyAsync(PolicyKeys.Actor)), Is.EqualTo(("524288", "actor")));
        await UntilAsync(async () => await _store.TryReadTextAsync(PolicyKeys.Running) == "again");
    }

    [Test]
    public async Task A_domain_that_is_left_to_another_program_stays_left_alone()
    {
        await using var client = await ConnectAsync();
        await using var watcher = await WatchAsync(client);
        await ReachAsync();
        await _store.WriteTextAsync("/local/domain/1/memory/target", "700000");
        await UntilAsync(async () => await KeyAsync(PolicyKeys.LeftAlone) == "700000");
        await UntilAsync(() => Task.FromResult(_archive.Find(Domain.Uuid)?.Keys.GetValueOrDefault(PolicyKeys.LeftAlone) == "700000"));
        var requests = _requests.Count;

        await RestartAsync(new EmbeddedXenStore());
        await UntilAsync(async () => await KeyAsync(PolicyKeys.State) is not null);
        foreach (var key in new[] { PolicyKeys.Share, PolicyKeys.Min, PolicyKeys.Max })
        {
            await _store.WriteTextAsync(PolicyKeys.Of(1, key), "600000");
            await UntilAsync(() => Task.FromResult(_archive.Find(Domain.Uuid)?.Keys.ContainsKey(key) == true));
        }

        Assert.That((await KeyAsync(PolicyKeys.LeftAlone), await KeyAsync(PolicyKeys.Target)), Is.EqualTo(("700000", "524288")));
        Assert.That(_requests, Has.Count.EqualTo(requests), "the target was not requested again");
    }

    [Test]
    public async Task A_store_that_keeps_its_contents_is_not_written_to()
    {
        var store = new EmbeddedXenStore();
        await RestartAsync(store);
        await using var client = await ConnectAsync();
        await using var watcher = await WatchAsync(client);
        await ReachAsync();
        await _store.RemoveAsync(PolicyKeys.Of(1, PolicyKeys.Actor));
        await UntilAsync(() => Task.FromResult(_archive.Find(Domain.Uuid)?.Keys.ContainsKey(PolicyKeys.Actor) == false));

        await RestartAsync(store);
        await _store.WriteTextAsync(PolicyKeys.Of(1, PolicyKeys.Share), "7");
        await UntilAsync(() => Task.FromResult(_archive.Find(Domain.Uuid)?.Keys.ContainsKey(PolicyKeys.Share) == true));

        Assert.That(await KeyAsync(PolicyKeys.Actor), Is.Null, "a key that was removed does not come back");
        Assert.That(await _store.ReadTextAsync(PolicyKeys.Running), Is.EqualTo("first"));
    }

    private void Serve(EmbeddedXenStore store)
    {
        _server = XenStoreServer.Listen(store, Socket);
        _store = store.Connect(0);
    }

    private async Task RestartAsync(EmbeddedXenStore store)
    {
        await _store.DisposeAsync();
        await _server.DisposeAsync();
        Serve(store);
    }

    private Task<XenStoreClient> ConnectAsync() => XenStoreClient.ConnectAsync(XenStoreEndpoint.Socket(Socket), cancellation: _deadline.Token);

    private async Task<DomainWatcher> WatchAsync(XenStoreClient client)
    {
        await _store.WriteTextAsync("/local/domain/1/name", "db-1");
        await _store.WriteTextAsync("/local/domain/1/memory/static-max", "1048576");
        await _store.WriteTextAsync(PolicyKeys.Running, "first");
        var hypervisor = Substitute.For<IHypervisor>();
        hypervisor.ListDomainsAsync(default).ReturnsForAnyArgs(_ => new ValueTask<IReadOnlyList<DomainInfo>>([Domain]));
        hypervisor.GetDomainAsync(1, default).ReturnsForAnyArgs(_ => new ValueTask<DomainInfo?>(Domain));
        var actor = Substitute.For<IActor>();
        actor.ReachAsync(null!, null!, default).ReturnsForAnyArgs(async call =>
        {
            var request = call.Arg<TargetRequest>();
            _requests.Add(request.Target);
            await call.Arg<IDomain>().Store.WriteAsync(DomainKeys.BalloonTarget, $"{request.Target.Value}", call.Arg<CancellationToken>());
            return Outcome.Reached(request.Target, "done");
        });
        var directory = new ActorDirectory("none");
        directory.SetActors([new PluginEntry("actor", actor)]);
        var services = new HostServices(client, hypervisor, TimeProvider.System, Substitute.For<IJournal>(), _ => Log.Silent);
        var watcher = new DomainWatcher(services, directory, new StoredSettings(services, _archive))
        {
            Emptied = async () => await client.WriteTextAsync(PolicyKeys.Running, "again", _deadline.Token),
        };
        await watcher.StartAsync(_deadline.Token);
        return watcher;
    }

    private async Task ReachAsync()
    {
        await _store.WriteTextAsync(PolicyKeys.Of(1, PolicyKeys.Actor), "actor");
        await _store.WriteTextAsync(PolicyKeys.Of(1, PolicyKeys.Target), "524288");
        await UntilAsync(async () => (await StateStore.TryReadAsync(_store, 1, _deadline.Token))?.Outcome == StateKey.Reached);
    }

    private async Task<string?> KeyAsync(string key) => await _store.TryReadTextAsync(PolicyKeys.Of(1, key));

    private async Task UntilAsync(Func<Task<bool>> condition)
    {
        while (!await condition())
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, _deadline.Token);
    }
}
