using System.Globalization;
using System.Text.Json;
using Actors.Cli.Control;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Journal;
using Actors.Dispatch.Registry;
using Actors.Dispatch.State;
using Actors.Host.Control;
using Actors.Host.Logging;
using Actors.Sdk;
using Actors.XenStore;
using Actors.XenStore.Embedded;
using Actors.XenStore.Server;

namespace Actors.Host.Tests.CommandLine;

/// <summary>What commands see of a daemon, without the daemon: its xenstore, its control socket and its journal. Nothing in it depends on time.</summary>
internal sealed class PublishedWorld : IAsyncDisposable
{
    private const int Quiet = 1, Theirs = 2, Busy = 3, Evil = 4, Unnamed = 5;
    private static readonly DateTimeOffset Then = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly CancellationTokenSource _stop = new();
    private readonly IXenStore _store;
    private readonly XenStoreServer _server;
    private readonly ControlServer _control;
    private readonly IWatchQueue _targets;
    private readonly Task _loop;

    private PublishedWorld(string folder)
    {
        var store = new EmbeddedXenStore();
        _store = store.Connect(0);
        _server = XenStoreServer.Listen(store, Path.Combine(folder, "store"));
        var verbs = new ControlVerbs();
        verbs.Add(TargetCheck.Verb, (arguments, _) => Task.FromResult(ControlAnswer.Ok(JsonSerializer.SerializeToElement(Check(arguments), TargetCheckJson.Default.TargetCheck))));
        verbs.Add(ListedPolicy.Verb, (_, _) => Task.FromResult(ControlAnswer.Ok(JsonSerializer.SerializeToElement(Policies(), PolicyStatusJson.Default.IReadOnlyListListedPolicy))));
        verbs.Add(CurrentFootprints.Verb, (_, _) => Task.FromResult(ControlAnswer.Ok(JsonSerializer.SerializeToElement(Footprints, FootprintJson.Default.IReadOnlyListCurrentFootprint))));
        _control = new ControlServer(Path.Combine(folder, "control"), verbs, Log.Silent);
        _targets = _store.OpenWatchQueue();
        _loop = ReachAsync();
    }

    public string Socket => _server.SocketPath;

    public static async Task<PublishedWorld> OpenAsync(string folder)
    {
        var world = new PublishedWorld(folder);
        var journal = Path.Combine(folder, "journal");
        await world.WriteAsync(PolicyKeys.Host, ("pid", "1"), ("control", Path.Combine(folder, "control")), ("journal", journal), ("actors", "balloon paging"), ("policies", "careful default"), ("default-policy", "default"), ("plugins/tmem", "state=quarantined version=1 actors=tmem"));
        foreach (var (domid, name) in new[] { (0, "Domain-0"), (Quiet, "quiet"), (Theirs, "theirs"), (Busy, "busy"), (Evil, "evil\u202e[31m") })
        {
            await world.WriteAsync(PolicyKeys.Domain(domid), ("name", name), ("memory/static-max", "1048576"));
            await StateStore.WriteAsync(world._store, domid, State(domid, domid == Evil ? "a\u202eb \"c\" <d>" : "short because of a long reason, which the table breaks into several lines"), null, default);
        }
        await File.WriteAllLinesAsync(journal, from domid in new[] { Quiet, Busy, Evil, Quiet } select JsonSerializer.Serialize(Entry(domid), JournalJson.Readable.JournalEntry));
        await File.AppendAllTextAsync(journal, "{\"time\":\"torn");
        await world._targets.AddAsync(PolicyKeys.Of(Busy, PolicyKeys.Target), "target");
        return world;
    }

    /// <summary>Removes the target of the domain whose targets are never reached.</summary>
    public ValueTask RemoveTargetAsync() => _store.RemoveAsync(PolicyKeys.Of(Quiet, PolicyKeys.Target));

    /// <summary>Waits until that domain has a target.</summary>
    public async Task TargetIsWrittenAsync()
    {
        await using var watches = _store.OpenWatchQueue();
        await watches.AddAsync(PolicyKeys.Of(Quiet, PolicyKeys.Target), "written");
        do
            await watches.NextAsync(_stop.Token);
        while (await _store.TryReadTextAsync(PolicyKeys.Of(Quiet, PolicyKeys.Target)) is null);
    }

    public async ValueTask DisposeAsync()
    {
        _stop.Cancel();
        await _loop;
        await _control.DisposeAsync();
        await _targets.DisposeAsync();
        await _server.DisposeAsync();
        await _store.DisposeAsync();
        _stop.Dispose();
    }

    // The daemon of one domain: every target is reached at once.
    private async Task ReachAsync()
    {
        for (var serial = 2L; ; serial++)
        {
            try
            {
                await _targets.NextAsync(_stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            if (await _store.TryReadTextAsync(PolicyKeys.Of(Busy, PolicyKeys.Target)) is { } target)
            {
                var reached = State(Busy, "the guest gave it") with { Outcome = StateKey.Reached, Serial = serial, Target = new Kib(long.Parse(target, CultureInfo.InvariantCulture)) };
                await StateStore.WriteAsync(_store, Busy, reached, null, default);
            }
        }
    }

    private static TargetCheck Check(IReadOnlyList<string> arguments) => arguments switch
    {
        ["2", _] => new TargetCheck(null, "theirs"),
        [_, { Length: < 6 }] => new TargetCheck($"the target {arguments[1]} KiB is below the floor", null),
        _ => new TargetCheck(null, null),
    };

    private static IReadOnlyList<ListedPolicy> Policies() =>
    [
        new ListedPolicy(new PolicyStatus { Name = "broken", Kind = "yaml", File = "broken.yaml", FileVersion = "1", Problems = ["line 1: no steps"] }, false, null),
    ];

    // One domain is unknown to the hypervisor, and one has no folder in xenstore.
    private static IReadOnlyList<CurrentFootprint> Footprints => [new(0, 524288), new(Quiet, 300000), new(Busy, 716800), new(Evil, 1), new(Unnamed, 4096)];

    private static StateKey State(int domid, string reason) => new()
    {
        Outcome = "short",
        Actor = "balloon",
        Step = domid,
        Target = Kib.FromMiB(300),
        Footprint = Kib.FromMiB(400),
        Since = Then,
        Serial = 1,
        Via = "xl",
        Reason = reason,
    };

    private static JournalEntry Entry(int domid) => new()
    {
        Time = Then.AddSeconds(domid),
        Domid = domid,
        Uuid = Guid.Empty,
        Name = domid == Evil ? "evil\u001b[2J" : "quiet",
        Serial = domid,
        Outcome = "short",
        Reason = "because",
    };

    private async Task WriteAsync(string folder, params (string Key, string Value)[] values)
    {
        foreach (var (key, value) in values)
            await _store.WriteTextAsync($"{folder}/{key}", value);
    }
}
