using Actors.Dispatch.Files;
using Actors.Dispatch.State;
using Actors.Host.Daemon;
using Actors.Host.Logging;
using Actors.Loading;
using Actors.Loading.Files;
using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Host.Tests.Loading;

/// <summary>Targets while plugins are added, replaced and removed.</summary>
internal sealed class ReloadTests
{
    private static readonly Kib Half = Kib.FromMiB(512);
    private static readonly Kib More = Kib.FromMiB(768);

    private PluginRoot _root = null!;

    [SetUp]
    public void Open() => _root = new PluginRoot();

    [TearDown]
    public void Close() => _root.Dispose();

    [Test]
    public void A_new_plugin_serves_when_its_folder_has_settled() => TestWorld.Run(async world =>
    {
        await using var host = await StartAsync(world);
        _root.Put();

        Assert.That(await host.Plugins.ScanAsync(default), Is.True);
        Assert.That(host.Directory.Actors, Is.Empty);
        await SettleAsync(world, host);

        var domid = await CreateAsync(world, "sample");
        Assert.That((await world.ReachAsync(domid, Half)).Reason, Is.EqualTo("build-00001 with 15.0.0.0"));
    });

    [Test]
    public void A_run_ends_on_the_version_that_it_began_with_and_the_next_one_is_the_new_versions() => TestWorld.Run(async world =>
    {
        _root.Put(1);
        await using var host = await StartAsync(world);
        var domid = await CreateAsync(world, "sample:20");
        await world.SetTargetAsync(domid, Half);
        await world.AfterAsync(5);

        _root.Put(2);
        await SettleAsync(world, host);
        var during = await StatusAsync(host);
        var first = await world.StateAsync(domid, state => state.Final);
        var second = await world.ReachAsync(domid, More);
        await world.AfterAsync(10);

        Assert.Multiple(() =>
        {
            Assert.That((during.Version, during.Draining), Is.EqualTo(("2.0", 1)));
            Assert.That(first.Reason, Does.StartWith("build-00001"));
            Assert.That(second.Reason, Does.StartWith("build-00002"));
        });
        Assert.That(await StatusAsync(host), Has.Property("Draining").Zero.And.Property("Leaked").Zero);
    });

    [Test]
    public void A_run_that_outlasts_the_deadline_continues_on_the_new_version_with_one_outcome() => TestWorld.Run(async world =>
    {
        _root.Put(1);
        await using var host = await StartAsync(world);
        var domid = await CreateAsync(world, "sample:60");
        await world.SetTargetAsync(domid, Half);
        await world.AfterAsync(5);

        _root.Put(2);
        await SettleAsync(world, host);
        var state = await world.StateAsync(domid, state => state.Final);
        await world.AfterAsync(10);

        Assert.That(state, Has.Property("Outcome").EqualTo("reached").And.Property("Reason").StartsWith("build-00002"));
        Assert.That(world.Journal.Select(entry => entry.Outcome), Is.EqualTo(new[] { "reached" }));
        Assert.That(await StatusAsync(host), Has.Property("Draining").Zero.And.Property("Leaked").Zero);
    });

    [Test]
    public void A_call_that_cannot_be_stopped_is_abandoned_and_the_new_version_gets_its_request() => TestWorld.Run(async world =>
    {
        _root.Put(1, actors: "stubborn");
        await using var host = await StartAsync(world);
        var domid = await CreateAsync(world, "stubborn");
        await world.SetTargetAsync(domid, Half);
        await world.AfterAsync(1);

        _root.Put(2, actors: "stubborn");
        await SettleAsync(world, host);
        var state = await world.StateAsync(domid, state => state.Final);
        await world.AfterAsync(30);

        Assert.That(state, Has.Property("Outcome").EqualTo("reached").And.Property("Reason").StartsWith("build-00002"));
        Assert.That(await StatusAsync(host), Has.Property("State").EqualTo("serving"));
    });

    [Test]
    public void A_half_copied_version_is_never_loaded_and_the_old_one_serves_until_it_is_complete() => TestWorld.Run(async world =>
    {
        _root.Put(1);
        await using var host = await StartAsync(world);
        var domid = await CreateAsync(world, "sample");
        var whole = PluginRoot.Dll(2);

        File.WriteAllBytes(_root.File("sample.dll"), whole[..(whole.Length / 2)]);
        await SettleAsync(world, host);
        var half = await StatusAsync(host);
        var meanwhile = await world.ReachAsync(domid, Half);
        File.WriteAllBytes(_root.File("sample.dll"), whole);
        await SettleAsync(world, host);
        var then = await world.ReachAsync(domid, More);

        Assert.Multiple(() =>
        {
            Assert.That((half.State, half.Verdict), Is.EqualTo(("serving", "not a plugin")));
            Assert.That(half.Problems, Has.One.Contains("'sample.dll' is incomplete"));
            Assert.That(meanwhile.Reason, Does.StartWith("build-00001"));
            Assert.That(then.Reason, Does.StartWith("build-00002"));
        });
    });

    [Test]
    public void A_plugin_that_is_removed_releases_what_it_holds_and_its_domain_is_decided_again() => TestWorld.Run(async world =>
    {
        _root.Put();
        await using var host = await StartAsync(world);
        var domid = await CreateAsync(world, "sample");
        await world.ReachAsync(domid, Half);

        Directory.Delete(_root.Folder(), recursive: true);
        await SettleAsync(world, host);
        var state = await world.StateAsync(domid, state => state.Outcome == StateKey.External && state.Engaged.Count == 0);
        await world.AfterAsync(10);

        Assert.That(await world.DomainZero.TryReadTextAsync($"/local/domain/{domid}/data/released"), Is.EqualTo("build-00001"));
        Assert.That(state.Reason, Does.StartWith("'sample' is not an actor of this host"));
        Assert.That(host.Directory.Actors, Is.Empty);
        Assert.That(await host.Plugins.StatusAsync(default), Is.Empty);
        Assert.That(await world.DomainZero.TryReadTextAsync("/tool/actors/plugins/sample"), Is.Null);
    });

    [Test]
    public void A_new_version_of_an_actor_keeps_what_the_old_one_holds() => TestWorld.Run(async world =>
    {
        _root.Put(1);
        await using var host = await StartAsync(world);
        var domid = await CreateAsync(world, "sample");
        await world.ReachAsync(domid, Half);

        _root.Put(2);
        await SettleAsync(world, host);
        await world.AfterAsync(10);

        Assert.That(await world.DomainZero.TryReadTextAsync($"/local/domain/{domid}/data/released"), Is.Null);
        Assert.That((await world.StateAsync(domid))!.Engaged, Is.EqualTo(new[] { "sample" }));
        Assert.That(world.Journal.Select(entry => entry.Outcome), Is.EqualTo(new[] { "reached" }));
    });

    [Test]
    public void A_domain_whose_actor_is_removed_during_a_run_gets_it_again_when_it_is_added_again() => TestWorld.Run(async world =>
    {
        _root.Put();
        await using var host = await StartAsync(world);
        var domid = await CreateAsync(world, "sample:120");
        await world.SetTargetAsync(domid, Half);
        await world.AfterAsync(1);

        Directory.Delete(_root.Folder(), recursive: true);
        await SettleAsync(world, host);
        await world.StateAsync(domid, state => state.Outcome == StateKey.External);
        _root.Put(2);
        await SettleAsync(world, host);
        var state = await world.StateAsync(domid, state => state.Outcome == "reached");

        Assert.That(state.Reason, Does.StartWith("build-00002"));
    });

    [Test]
    public void An_actor_that_two_plugins_provide_is_the_firsts_until_that_one_is_removed() => TestWorld.Run(async world =>
    {
        _root.Put(1, "first");
        _root.Put(2, "second");
        await using var host = await StartAsync(world);
        var domid = await CreateAsync(world, "sample");

        var refused = await StatusAsync(host, "second");
        var before = await world.ReachAsync(domid, Half);
        Directory.Delete(_root.Folder("first"), recursive: true);
        await SettleAsync(world, host);
        var after = await world.ReachAsync(domid, More);

        Assert.Multiple(() =>
        {
            Assert.That(refused.State, Is.EqualTo("refused"));
            Assert.That(refused.Problems, Is.EqualTo(new[] { "the plugin 'first' already provides the actor 'sample'; remove one of the two" }));
            Assert.That(before.Reason, Does.StartWith("build-00001"));
            Assert.That(after.Reason, Does.StartWith("build-00002"));
        });
    });

    [Test]
    public void A_rollback_puts_the_previous_version_into_service_until_the_folder_changes() => TestWorld.Run(async world =>
    {
        _root.Put(1);
        await using var host = await StartAsync(world);
        _root.Put(2);
        await SettleAsync(world, host);

        await host.Plugins.RollBackAsync("sample", default);
        await SettleAsync(world, host);
        var back = await StatusAsync(host);
        _root.Put(3);
        await SettleAsync(world, host);

        Assert.Multiple(async () =>
        {
            Assert.That((back.Version, back.Rollback), Is.EqualTo(("1.0", "2.0")));
            Assert.That((await StatusAsync(host)).Version, Is.EqualTo("3.0"));
        });
    });

    [Test]
    public void A_reload_of_the_same_files_keeps_the_version_to_roll_back_to() => TestWorld.Run(async world =>
    {
        _root.Put(1);
        await using var host = await StartAsync(world);
        _root.Put(2);
        await SettleAsync(world, host);

        await host.Plugins.ReloadAsync("sample", default);
        await host.Plugins.RollBackAsync("sample", default);

        Assert.That((await StatusAsync(host)).Version, Is.EqualTo("1.0"));
    });

    [Test]
    public void A_rollback_without_a_previous_version_is_rejected_and_a_misspelt_name_gets_a_suggestion() => TestWorld.Run(async world =>
    {
        _root.Put(1);
        await using var host = await StartAsync(world);

        await Assert.ThatAsync(() => host.Plugins.RollBackAsync("sample", default), Throws.TypeOf<PluginException>().With.Message.Contains("no other version since"));
        await Assert.ThatAsync(() => host.Plugins.ReloadAsync("sampel", default), Throws.TypeOf<PluginException>().With.Message.Contains("did you mean 'sample'?"));
    });

    [Test]
    public void A_reload_loads_the_same_files_again_and_a_touch_does_not() => TestWorld.Run(async world =>
    {
        _root.Put(1);
        await using var host = await StartAsync(world);

        File.SetLastWriteTimeUtc(_root.File("sample.dll"), DateTime.UnixEpoch);
        await SettleAsync(world, host);
        var touched = await StatusAsync(host);
        await host.Plugins.ReloadAsync("sample", default);

        Assert.That((touched.Generation, (await StatusAsync(host)).Generation), Is.EqualTo((1, 2)));
    });

    [Test]
    public void A_folder_that_others_can_write_to_is_refused_with_the_fix_and_the_old_version_keeps_serving() => TestWorld.Run(async world =>
    {
        _root.Put(1);
        await using var host = await StartAsync(world);

        File.SetUnixFileMode(_root.Folder(), (UnixFileMode)0b111_111_111);
        await SettleAsync(world, host);
        var open = await StatusAsync(host);
        File.SetUnixFileMode(_root.Folder(), (UnixFileMode)0b111_101_101);
        await SettleAsync(world, host);

        Assert.That(open, Has.Property("State").EqualTo("serving").And.Property("Verdict").EqualTo("not trusted"));
        Assert.That(open.Problems.Single(), Does.EndWith($"can be written by others: chmod go-w '{_root.Folder()}'"));
        Assert.That((await StatusAsync(host)).Problems, Is.Empty);
    });

    [Test]
    public void A_version_that_stays_in_memory_is_counted_and_the_plugin_serves_anyway() => TestWorld.Run(async world =>
    {
        _root.Put(1, actors: "leaky");
        await using var host = await StartAsync(world);

        _root.Put(2, actors: "leaky");
        await SettleAsync(world, host);
        await world.AfterAsync(20);

        Assert.That(await StatusAsync(host), Has.Property("Leaked").EqualTo(1).And.Property("State").EqualTo("serving").And.Property("Version").EqualTo("2.0"));
    });

    [Test]
    public void A_version_whose_actor_cannot_be_created_leaves_the_old_one_serving() => TestWorld.Run(async world =>
    {
        _root.Put(1);
        await using var host = await StartAsync(world);

        _root.Put(2, actors: "sample, unborn");
        await SettleAsync(world, host);

        var status = await StatusAsync(host);
        Assert.That(status.Version, Is.EqualTo("1.0"));
        Assert.That(status.Problems.Single(), Does.Contain("its constructor threw InvalidOperationException: no licence found"));
    });

    [Test]
    public void Without_any_notice_the_rescan_finds_what_changed() => TestWorld.Run(async world =>
    {
        await using var host = await StartAsync(world);
        await using var watch = new FolderWatch(_root.Path, world.Time, notices: false, host.Plugins.ScanAsync, Log.Silent);
        _root.Put();

        await world.AfterAsync(32);

        Assert.That(host.Directory.Actors, Is.EqualTo(new[] { "sample" }));
    });

    [Test]
    public void The_status_of_a_plugin_is_in_xenstore() => TestWorld.Run(async world =>
    {
        _root.Put(1);
        await using var host = await StartAsync(world);
        _root.Put(2, contract: "7.0");
        await SettleAsync(world, host);

        Assert.That(await world.DomainZero.ReadTextAsync("/tool/actors/plugins/sample"), Is.EqualTo(
            "state=serving version=1.0 actors=sample problem=\"'sample' 2.0 is built for contract 7.0, and this host has 1.1; update the host, or use an older version of the plugin\""));
    });

    private Task<ActorHost> StartAsync(TestWorld world) => world.StartHostAsync(_root.Path);

    private static async Task<int> CreateAsync(TestWorld world, string actor)
    {
        var domid = await world.CreateAsync("web-1");
        await world.SetAsync(domid, "actor", actor);
        return domid;
    }

    private static async Task SettleAsync(TestWorld world, ActorHost host)
    {
        while (await host.Plugins.ScanAsync(default))
            await Task.Delay(FileDebounce.Quiet, world.Time);
    }

    private static async Task<PluginStatus> StatusAsync(ActorHost host, string id = "sample") =>
        (await host.Plugins.StatusAsync(default)).Single(status => status.Id == id);
}
