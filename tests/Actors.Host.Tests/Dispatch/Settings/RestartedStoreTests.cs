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

    private CancellationTokenSource _deadline = null!;
    private readonly List<Kib> _requests = [];
    private IReadOnlyList<DomainInfo> _domains = [Domain];
    private TaskCompletionSource? _working;
    private bool _cancelled;
    private ScratchFolder _folder = null!;
    private XenStoreServer _server = null!;
    private IXenStore _store = null!;
    private SettingsArchive _archive = null!;

    private string Socket => Path.Combine(_folder.Path, "s");

    [SetUp]
    public void Start()
    {
        _deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1), TimeProvider.System);
        _folder = new ScratchFolder();
        _archive = new SettingsArchive(null, TimeProvider.System);
        _requests.Clear();
        (_domains, _working, _cancelled) = ([Domain], null, false);
        Serve(new EmbeddedXenStore());
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _store.DisposeAsync();
        await _server.DisposeAsync();
        _archive.Dispose();
        _folder.Dispose();
        _deadline.Dispose();
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
    public async Task A_store_that_comes_back_empty_gets_again_what_actors_wrote()
    {
        await using var client = await ConnectAsync();
        await using var watcher = await WatchAsync(client);
        await ReachAsync();

        await RestartAsync(new EmbeddedXenStore());

        await UntilAsync(async () => await _store.TryReadTextAsync(PolicyKeys.Running) == "again");
        Assert.That(
            (await _store.TryReadTextAsync("/local/domain/1/memory/target"), await WrittenAsync(), await KeyAsync("actor-record")),
            Is.EqualTo(("524288", new Kib(524288), "found=1")));
        Assert.That(await _store.ListAsync("/local/domain/1"), Is.EquivalentTo(new[] { "memory", "memory-policy" }), "and nothing else");
    }

    [Test]
    public async Task What_actors_wrote_for_an_earlier_daemon_is_written_again_too()
    {
        await using var client = await ConnectAsync();
        await using (await WatchAsync(client))
            await ReachAsync();
        await using var watcher = await WatchAsync(client);
        await UntilAsync(async () => await KeyAsync(PolicyKeys.State) is not null);
        await _store.WriteTextAsync(PolicyKeys.Of(1, PolicyKeys.Share), "7");
        await UntilAsync(() => Task.FromResult(_archive.Find(Domain.Uuid)?.Keys.ContainsKey(PolicyKeys.Share) == true));

        await RestartAsync(new EmbeddedXenStore());

        await UntilAsync(async () => await _store.TryReadTextAsync(PolicyKeys.Running) == "again");
        Assert.That((await KeyAsync("actor-record"), await WrittenAsync()), Is.EqualTo(("found=1", new Kib(524288))));
    }

    [Test]
    public async Task A_run_in_flight_continues_although_the_store_comes_back_empty()
    {
        _working = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var client = await ConnectAsync();
        await using var watcher = await WatchAsync(client);
        await RequestAsync();
        await UntilAsync(async () => await KeyAsync(PolicyKeys.State) is { } state && state.StartsWith("outcome=running ", StringComparison.Ordinal));

        await RestartAsync(new EmbeddedXenStore());
        await UntilAsync(async () => await _store.TryReadTextAsync(PolicyKeys.Running) == "again");
        _working.SetResult();

        await UntilAsync(async () => await KeyAsync(PolicyKeys.State) is { } state && state.StartsWith("outcome=reached ", StringComparison.Ordinal));
        await UntilAsync(async () => await KeyAsync(PolicyKeys.Target) == "524288");
        Assert.That(_cancelled, Is.False, "the run was not begun again");
    }

    [Test]
    public async Task A_run_that_ends_before_the_settings_are_restored_does_not_prevent_that()
    {
        _working = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var client = await ConnectAsync();
        await using var watcher = await WatchAsync(client);
        await RequestAsync();
        await UntilAsync(async () => await KeyAsync(PolicyKeys.State) is { } state && state.StartsWith("outcome=running ", StringComparison.Ordinal));

        var empty = new EmbeddedXenStore();
        await using (var early = empty.Connect(0))
        {
            var state = new StateKey { Outcome = StateKey.Reached, Since = DateTimeOffset.UnixEpoch, Serial = 1, Reason = "done" };
            await StateStore.WriteAsync(early, 1, state, last: null, _deadline.Token);
        }
        await RestartAsync(empty);

        await UntilAsync(async () => await KeyAsync(PolicyKeys.Target) == "524288");
    }

    [Test]
    public async Task The_host_is_published_again_when_the_store_comes_back_with_other_domains()
    {
        await using var client = await ConnectAsync();
        await using var watcher = await WatchAsync(client);
        await ReachAsync();
        var moved = Domain with { Domid = 7 };
        _domains = [moved];

        var next = new EmbeddedXenStore();
        await using (var toolstack = next.Connect(0))
        {
            await toolstack.WriteTextAsync("/local/domain/7/name", "db-1");
            await RestartAsync(next);
        }

        await UntilAsync(async () => await _store.TryReadTextAsync(PolicyKeys.Running) == "again");
        await UntilAsync(async () => await _store.TryReadTextAsync(PolicyKeys.Of(7, PolicyKeys.Target)) == "524288");
        Assert.That(await _store.TryReadTextAsync(PolicyKeys.Of(1)), Is.Null, "nothing is written for the domain that has ended");
    }

    [Test]
    public async Task A_removed_target_ends_the_run_although_the_toolstack_has_not_written_its_keys_again()
    {
        await using var client = await ConnectAsync();
        await using var watcher = await WatchAsync(client);
        await ReachAsync();
        await RestartAsync(new EmbeddedXenStore());
        await UntilAsync(async () => await _store.TryReadTextAsync(PolicyKeys.Running) == "again");

        await _store.RemoveAsync(PolicyKeys.Of(1, PolicyKeys.Target));

        await UntilAsync(async () => await KeyAsync(PolicyKeys.State) is { } state && state.StartsWith("outcome=superseded ", StringComparison.Ordinal));
    }

    [Test]
    public async Task A_host_that_stops_while_the_store_is_away_does_not_wait_for_it()
    {
        _working = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var client = await ConnectAsync();
        var watcher = await WatchAsync(client);
        await RequestAsync();
        await UntilAsync(async () => await KeyAsync(PolicyKeys.State) is { } state && state.StartsWith("outcome=running ", StringComparison.Ordinal));
        await _store.DisposeAsync();
        await _server.DisposeAsync();
        _working.SetResult();

        Assert.That(async () => await watcher.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System), Throws.Nothing);
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
        hypervisor.ListDomainsAsync(default).ReturnsForAnyArgs(_ => new ValueTask<IReadOnlyList<DomainInfo>>(_domains));
        hypervisor.GetDomainAsync(1, default).ReturnsForAnyArgs(call => new ValueTask<DomainInfo?>(_domains.FirstOrDefault(one => one.Domid == call.Arg<int>())));
        var actor = Substitute.For<IActor>();
        actor.ReachAsync(null!, null!, default).ReturnsForAnyArgs(async call =>
        {
            var request = call.Arg<TargetRequest>();
            _requests.Add(request.Target);
            var store = call.Arg<IDomain>().Store;
            await store.WriteAsync("memory-policy/actor-record", "found=1", call.Arg<CancellationToken>());
            await store.WriteAsync(DomainKeys.BalloonTarget, $"{request.Target.Value}", call.Arg<CancellationToken>());
            if (_working is { } working)
            {
                using var cancelled = call.Arg<CancellationToken>().Register(() => _cancelled = !working.Task.IsCompleted);
                await working.Task.WaitAsync(call.Arg<CancellationToken>());
                var now = await store.ReadAsync(DomainKeys.BalloonTarget, call.Arg<CancellationToken>());
                return now == $"{request.Target.Value}" ? Outcome.Reached(request.Target, "done") : Outcome.Short(request.Target, $"memory/target is {now}");
            }
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
        await RequestAsync();
        await UntilAsync(async () => (await StateStore.TryReadAsync(_store, 1, _deadline.Token))?.Outcome == StateKey.Reached);
    }

    private async Task RequestAsync()
    {
        await _store.WriteTextAsync(PolicyKeys.Of(1, PolicyKeys.Actor), "actor");
        await _store.WriteTextAsync(PolicyKeys.Of(1, PolicyKeys.Target), "524288");
    }

    private async Task<Kib?> WrittenAsync() => StateKey.Parse(await KeyAsync(PolicyKeys.State))?.BalloonTarget;

    private async Task<string?> KeyAsync(string key) => await _store.TryReadTextAsync(PolicyKeys.Of(1, key));

    private async Task UntilAsync(Func<Task<bool>> condition)
    {
        while (!await condition())
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, _deadline.Token);
    }
}
