using Actors.Dispatch.Registry;
using Actors.Host.Daemon;
using Actors.Host.Logging;
using Actors.Host.Tests.Loading.Containment;
using Actors.Loading;
using Actors.Loading.Compatibility;
using Actors.Loading.Containment;
using Actors.Loading.Processes;
using Actors.Sdk;
using NSubstitute;

namespace Actors.Host.Tests.Loading;

/// <summary>A plugin that was broken while no daemon was running keeps serving in its last good version.</summary>
internal sealed class LastGoodPluginTests
{
    private PluginRoot _root = null!;
    private ScratchFolder _copies = null!;

    [SetUp]
    public void Open() => (_root, _copies) = (new PluginRoot(), new ScratchFolder());

    [TearDown]
    public void Close()
    {
        _root.Dispose();
        _copies.Dispose();
    }

    [Test]
    public async Task The_last_good_version_serves_after_a_restart_and_the_status_says_so()
    {
        _root.Put();
        await RestartAsync();
        Break();

        var status = await RestartAsync();

        Assert.That((status.State, status.Version, status.LastGood, status.Verdict), Is.EqualTo(("serving", "1.0", true, "not a plugin")));
        Assert.That(status.Problems.Single(), Does.Contain("'sample.dll'"));
        Assert.That(await RestartAsync(), Has.Property("LastGood").True, "and after the next one");
    }

    [Test]
    public async Task A_folder_without_its_dll_or_its_manifest_is_broken_and_not_removed()
    {
        foreach (var name in new[] { "sample.dll", Manifest.FileName })
        {
            _root.Put();
            await RestartAsync();
            File.Delete(_root.File(name));

            Assert.That(await RestartAsync(), Has.Property("State").EqualTo("serving").And.Property("LastGood").True, name);
        }
    }

    [Test]
    public async Task A_version_that_does_not_fit_this_host_leaves_the_last_good_one_serving()
    {
        _root.Put();
        await RestartAsync();
        _root.Put(build: 2, contract: "9.0");

        Assert.That(await RestartAsync(), Has.Property("Version").EqualTo("1.0").And.Property("Verdict").EqualTo("too new").And.Property("LastGood").True);
    }

    [Test, CancelAfter(120_000)]
    public async Task A_version_whose_process_cannot_load_it_never_replaces_the_last_good_one(CancellationToken late)
    {
        PutVendor("1.0");
        await using (LoadInProcesses())
        {
            while (Copies().Length == 0)
                await NextAsync(late);
        }
        // Its folder fits; only the plugin's own code finds out that it cannot serve.
        PutVendor("2.0", "settings: { level: 99 }");

        for (var restart = 0; restart < 2; restart++)
        {
            await using var catalog = LoadInProcesses();
            PluginStatus status;
            while ((status = (await catalog.StatusAsync(late)).Single()).Version != "1.0")
                await NextAsync(late);
            Assert.That((status.State, status.LastGood), Is.EqualTo(("serving", true)));
            Assert.That(status.Problems.Single(), Does.Contain("'level': must be from 0 to 9"));
        }
    }

    [Test]
    public async Task A_repaired_folder_serves_again_and_is_the_last_good_version_from_then_on()
    {
        _root.Put();
        await RestartAsync();
        Break();
        await RestartAsync();
        _root.Put(build: 2);
        Assert.That(await RestartAsync(), Has.Property("Version").EqualTo("2.0").And.Property("LastGood").False);
        Break();

        Assert.That(await RestartAsync(), Has.Property("Version").EqualTo("2.0").And.Property("LastGood").True);
        Assert.That(Copies(), Has.Length.EqualTo(1), "one version of each plugin is kept");
    }

    [Test]
    public async Task A_plugin_that_was_removed_does_not_come_back()
    {
        _root.Put();
        await RestartAsync();
        Directory.Delete(_root.Folder(), recursive: true);
        await RestartAsync();
        Assert.That(Copies(), Is.Empty);

        _root.Put();
        Break();
        Assert.That(await RestartAsync(), Has.Property("State").EqualTo("refused"));
    }

    [Test]
    public async Task A_plugin_that_is_removed_while_the_daemon_runs_does_not_come_back()
    {
        _root.Put();
        await using (var catalog = Load())
        {
            Directory.Delete(_root.Folder(), recursive: true);
            Assert.That(async () => await catalog.ReloadAsync("sample", default), Throws.Nothing);
        }
        Assert.That(Copies(), Is.Empty);
    }

    [Test]
    public async Task A_copy_that_was_changed_or_that_others_can_write_is_not_used()
    {
        _root.Put();
        await RestartAsync();
        Break();
        var file = Directory.GetFiles(_copies.Path, "sample.dll", SearchOption.AllDirectories).Single();
        File.SetUnixFileMode(file, File.GetUnixFileMode(file) | UnixFileMode.OtherWrite);
        Assert.That(await RestartAsync(), Has.Property("State").EqualTo("refused"));

        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.That(await RestartAsync(), Has.Property("State").EqualTo("serving"));
        File.WriteAllBytes(file, PluginRoot.Dll(7));
        Assert.That(await RestartAsync(), Has.Property("State").EqualTo("refused"));
    }

    [Test]
    public async Task Copies_of_another_folder_of_plugins_are_not_touched()
    {
        using var other = new PluginRoot();
        _root.Put();
        other.Put();
        await RestartAsync();
        await RestartAsync(other);
        Directory.Delete(other.Folder(), recursive: true);
        await RestartAsync(other);

        Assert.That(Copies(), Has.Length.EqualTo(1));
    }

    [Test]
    public void The_state_of_a_domain_says_that_the_folder_is_broken_until_it_is_repaired() => TestWorld.Run(async world =>
    {
        const string Note = "; the last good version of the plugin serves, because its folder is broken: balloon: ";
        _root.Copy("balloon");
        var domid = await world.CreateAsync("web-1");
        await using (await StartAsync(world))
            await world.ReachAsync(domid, Kib.FromMiB(700));
        var good = File.ReadAllBytes(_root.File("balloon.dll", "balloon"));
        File.WriteAllBytes(_root.File("balloon.dll", "balloon"), good[..1000]);

        await using var host = await StartAsync(world);

        var state = await world.ReachAsync(domid, Kib.FromMiB(600));
        Assert.That((state.Outcome, state.Actor), Is.EqualTo(("reached", "balloon")));
        Assert.That(state.Reason, Does.Contain(Note + "'balloon.dll' is incomplete"));

        File.WriteAllBytes(_root.File("balloon.dll", "balloon"), good);
        await host.Plugins.ReloadAsync(null, default);
        Assert.That((await world.StateAsync(domid, now => !now.Reason.Contains(Note))).Target, Is.EqualTo(Kib.FromMiB(600)));
    });

    private static async Task NextAsync(CancellationToken late)
    {
        late.ThrowIfCancellationRequested();
        await Task.Yield();
    }

    private void PutVendor(string version, string more = "")
    {
        Directory.CreateDirectory(_root.Folder("vendor"));
        foreach (var file in Directory.EnumerateFiles(ProgramFolder.VendorPlugin, "vendor.*"))
            File.Copy(file, _root.File(Path.GetFileName(file), "vendor"), overwrite: true);
        File.WriteAllText(_root.File(Manifest.FileName, "vendor"), $"id: vendor\nversion: {version}\ncontract: 1.1\nactors: [vendor]\n{more}\n");
    }

    private PluginCatalog LoadInProcesses()
    {
        var services = new RealServices().Services;
        services.Hypervisor.ListDomainsAsync(default).ReturnsForAnyArgs(new ValueTask<IReadOnlyList<DomainInfo>>([]));
        return PluginCatalog.Load(
            _root.Path, new ActorDirectory(HostOptions.StandardPolicy), PluginContainment.OnThreads(services, new PluginLimits()), TimeProvider.System, Log.Silent,
            _copies.Path, new PluginProcessOptions(ProgramFolder.Program, PluginGrants.None));
    }

    private void Break() => File.WriteAllBytes(_root.File("sample.dll"), PluginRoot.Dll(3)[..500]);

    private string[] Copies() => [.. Directory.GetDirectories(_copies.Path).SelectMany(Directory.GetDirectories).SelectMany(Directory.GetDirectories)];

    private Task<ActorHost> StartAsync(TestWorld world) => ActorHost.StartAsync(
        world.Services, new HostOptions { PluginFolder = _root.Path, PolicyFolder = ProgramFolder.Policies, LastGoodFolder = _copies.Path });

    private PluginCatalog Load(PluginRoot? root = null) => PluginCatalog.Load(
        (root ?? _root).Path, new ActorDirectory(HostOptions.StandardPolicy), PluginContainment.OnLoop(new RealServices().Services), TimeProvider.System, Log.Silent, _copies.Path);

    private async Task<PluginStatus> RestartAsync(PluginRoot? root = null)
    {
        await using var catalog = Load(root);
        return (await catalog.StatusAsync(default)).SingleOrDefault()!;
    }
}
