using System.Text.Json;
using Actors.Cli.Commands;
using Actors.Cli.Control;
using Actors.Dispatch.State;
using Actors.Host.Control;
using Actors.Host.Daemon;
using Actors.Host.Logging;
using Actors.Host.Tests.CommandLine;
using Actors.Sdk;
using Actors.XenStore;
using Actors.XenStore.Embedded;
using Actors.XenStore.Server;

namespace Actors.Host.Tests.Commands;

/// <summary>The footprints that <c>actors list</c> shows: those that the hypervisor reports now, for every domain, while a daemon runs.</summary>
[NonParallelizable]
internal sealed class ListedFootprintTests
{
    private ScratchFolder _folder = null!;
    private CancellationTokenSource _deadline = null!;
    private EmbeddedXenStore _embedded = null!;
    private IXenStore _store = null!;
    private XenStoreServer _server = null!;

    [SetUp]
    public async Task ServeAsync()
    {
        _folder = new ScratchFolder();
        _deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1), TimeProvider.System);
        _embedded = new EmbeddedXenStore();
        _store = _embedded.Connect(0);
        _server = XenStoreServer.Listen(_embedded, At("store"));
        await _store.WriteTextAsync("/tool/actors/pid", "1234");
        await _store.WriteTextAsync("/tool/actors/control", At("control"));
        foreach (var (domid, name) in new[] { (0, "Domain-0"), (1, "web"), (2, "gone") })
            await _store.WriteTextAsync($"/local/domain/{domid}/name", name);
        await StateStore.WriteAsync(_store, 1, State(Kib.FromMiB(300)), null, default);
        await StateStore.WriteAsync(_store, 2, State(Kib.FromMiB(200)), null, default);
    }

    [TearDown]
    public async Task CloseAsync()
    {
        await _server.DisposeAsync();
        await _store.DisposeAsync();
        _deadline.Dispose();
        _folder.Dispose();
    }

    [Test]
    public async Task Every_domain_has_its_current_footprint_whether_it_has_a_target_or_not()
    {
        await using var control = Answer(new Listing((0, 4096), (1, 512), (7, 32)));

        var lines = await ListAsync();

        Assert.That(lines.Select(line => (line.Domid, line.FootprintKib, line.FootprintIsCurrent)), Is.EqualTo(new (int, long?, bool)[]
        {
            (0, 4096 * 1024, true), (1, 512 * 1024, true), (2, null, true), (7, 32 * 1024, true),
        }), "dom0, a domain whose state is older, one that is gone, and one without a folder in xenstore");
        var table = await RunAsync("list");
        Assert.That(table.Output, Does.Match(@"(?m)^0\tDomain-0\t-\t4194304\t").And.Match(@"(?m)^7\t-\t-\t32768\t"));
        Assert.That(table.Messages, Is.Empty);
    }

    [Test]
    public async Task Any_number_of_domains_costs_one_listing_and_no_request_per_domain()
    {
        var hypervisor = new Listing((0, 4096), (1, 512), (2, 256));
        await using var control = Answer(hypervisor);

        await ListAsync();

        Assert.That(hypervisor.Calls, Is.EqualTo(1));
    }

    [Test]
    public async Task The_list_is_chosen_and_ordered_as_the_user_says()
    {
        await using var control = Answer(new Listing((0, 4096), (1, 512), (2, 256)));
        async Task<string[]> Names(params string[] options) =>
            [.. (await RunAsync(["list", "--no-header", .. options])).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')[1])];

        Assert.That(await Names(), Is.EqualTo(new[] { "Domain-0", "web", "gone" }));
        Assert.That(await Names("--sort", "now"), Is.EqualTo(new[] { "gone", "web", "Domain-0" }));
        Assert.That(await Names("--sort", "state,-now"), Is.EqualTo(new[] { "web", "gone", "Domain-0" }));
        Assert.That(await Names("--outcome", "short,failed"), Is.EqualTo(new[] { "web", "gone" }));
        Assert.That(await Names("--attention"), Is.EqualTo(new[] { "web", "gone" }));
        Assert.That(await Names("--name", "*o*"), Is.EqualTo(new[] { "Domain-0", "gone" }));
        Assert.That(await Names("--actor", "balloon"), Is.Empty);
        Assert.That((await RunAsync("list", "--sort", "nothing")).Messages, Does.StartWith("actors: --sort 'nothing': expected id or name"));
    }

    [Test]
    public async Task Without_a_daemon_the_footprints_are_the_last_known_ones_and_it_says_so()
    {
        var lines = await ListAsync();

        Assert.That(lines.Select(line => (line.FootprintKib, line.FootprintIsCurrent)), Is.EqualTo(new (long?, bool)[] { (null, false), (300 * 1024, false), (200 * 1024, false) }));
        Assert.That((await RunAsync("list")).Messages, Does.Contain("no actors daemon is running here; the table shows the last known state"));
    }

    [Test]
    public async Task If_the_hypervisor_does_not_answer_the_daemon_the_list_says_so_and_shows_the_last_known_footprints()
    {
        await using var control = Answer(new Listing { Problem = new HypervisorException("XEN_SYSCTL_getdomaininfolist", 1, "EPERM") });

        var run = await RunAsync("list");

        Assert.That(run.ExitCode, Is.Zero);
        Assert.That(run.Output, Does.Match(@"(?m)^1\tweb\tshort\t307200\t"));
        Assert.That(run.Messages, Does.Contain("the footprints are those of the last known states: ").And.Contain("EPERM"));
    }

    [Test]
    public void A_daemon_on_a_simulated_host_lists_dom0_and_guests_that_have_no_target() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await world.CreateAsync("idle");

        var answer = await host.Verbs.AnswerAsync(new ControlRequest(CurrentFootprints.Verb, []), default);

        var listed = answer.Body!.Value.Deserialize(FootprintJson.Default.IReadOnlyListCurrentFootprint)!;
        Assert.That(listed.Select(of => of.Domid), Is.EqualTo(new[] { 0, domid }));
        Assert.That(listed[^1].FootprintKib, Is.EqualTo(world.Footprint(domid).Value));
    });

    private static StateKey State(Kib footprint) => new()
    {
        Outcome = StateKey.Short,
        Target = Kib.FromMiB(100),
        Footprint = footprint,
        Since = DateTimeOffset.UnixEpoch,
        Serial = 1,
    };

    private ControlServer Answer(IHypervisor hypervisor)
    {
        var verbs = new ControlVerbs();
        verbs.Add(CurrentFootprints.Verb, new FootprintsVerb(hypervisor).AnswerAsync);
        return new ControlServer(At("control"), verbs, Log.For(null));
    }

    private async Task<IReadOnlyList<DomainLine>> ListAsync()
    {
        var run = await RunAsync("list", "--json");
        Assert.That(run.ExitCode, Is.Zero, run.Screen);
        return JsonSerializer.Deserialize(run.Output, CommandJson.Default.IReadOnlyListDomainLine)!;
    }

    private Task<CommandLineRun> RunAsync(params string[] line) => CommandLineRun.OfAsync([.. line, "--store", $"unix:{At("store")}"], _deadline.Token);

    private string At(string name) => Path.Combine(_folder.Path, name);

    private sealed class Listing(params (int Domid, int MiB)[] domains) : IHypervisor
    {
        public int Calls { get; private set; }

        public HypervisorException? Problem { get; init; }

        public string Description => "test";

        public ValueTask<HostMemory> GetHostMemoryAsync(CancellationToken cancellation = default) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<DomainInfo>> ListDomainsAsync(CancellationToken cancellation = default)
        {
            Calls++;
            return Problem is null
                ? new([.. domains.Select(domain => new DomainInfo
                {
                    Domid = domain.Domid, Uuid = Guid.Empty, Kind = DomainKind.Pvh, State = DomainState.Running,
                    TotPages = Kib.FromMiB(domain.MiB).ToPages(), MaxPages = Kib.FromMiB(domain.MiB).ToPages(),
                })])
                : throw Problem;
        }

        public ValueTask<DomainInfo?> GetDomainAsync(int domid, CancellationToken cancellation = default) => throw new NotSupportedException();

        public Offer<TMechanism> GetMechanism<TMechanism>(int domid) where TMechanism : class => throw new NotSupportedException();
    }
}
