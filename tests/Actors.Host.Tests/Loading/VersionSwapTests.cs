using Actors.Dispatch.Registry;
using Actors.Dispatch.Runs;
using Actors.Host.Daemon;
using Actors.Host.Logging;
using Actors.Host.Tests.Loading.Containment;
using Actors.Loading;
using Actors.Loading.Compatibility;
using Actors.Loading.Containment;
using Actors.Loading.Reload;
using Actors.Sdk;
using NSubstitute;

namespace Actors.Host.Tests.Loading;

/// <summary>The moment at which a new version replaces the old one.</summary>
internal sealed class VersionSwapTests
{
    private static readonly TargetRequest Request = new() { Target = Kib.FromGiB(1), Floor = Kib.Zero, Tolerance = Kib.Zero };

    private readonly RealServices _services = new();
    private PluginRoot _root = null!;

    [SetUp]
    public void Open() => _root = new PluginRoot();

    [TearDown]
    public void Close() => _root.Dispose();

    [Test]
    public async Task A_call_that_arrives_while_the_old_version_is_closed_runs_on_the_new_one()
    {
        _root.Put(1, actors: "sample, stubborn");
        var directory = new ActorDirectory(HostOptions.StandardPolicy);
        await using var catalog = PluginCatalog.Load(
            _root.Path, directory, PluginContainment.OnLoop(_services.Services), TimeProvider.System, Log.Silent);
        // The catalog looks for the domains of the actor that the new version lacks just after it has closed the old version.
        Task<Outcome>? call = null;
        catalog.Domains = Substitute.For<IEngagedDomains>();
        catalog.Domains.EngagedBy("stubborn").Returns(_ =>
        {
            call = directory.FindActor("sample")!.ReachAsync(_services.Domain, Request, default);
            return [];
        });

        _root.Put(2, actors: "sample");
        await catalog.ReloadAsync("sample", default);

        Assert.That((await call!).Reason, Does.StartWith("build-00002"));
    }

    [Test]
    public async Task No_call_enters_a_version_that_is_closed()
    {
        _root.Put();
        using var version = Generation.Load(1, Candidate.Read(_root.Folder()), new PluginLoader(PluginContainment.OnLoop(_services.Services), null, Log.Silent, TimeProvider.System));
        var actor = new PluginActor("sample", TimeProvider.System) { Current = version };

        version.Close();
        var outcome = await actor.ReachAsync(_services.Domain, Request, default);
        await version.EndAsync();
        version.Unload().CleanUp();

        Assert.That(outcome.Kind, Is.EqualTo(OutcomeKind.Unable));
        Assert.That(outcome.Reason, Does.StartWith("the plugin of 'sample' was removed"));
    }
}
