using Actors.Cli.CommandLine;
using Actors.Cli.Commands;
using Actors.Cli.Control;
using Actors.Dispatch.Registry;
using Actors.Dispatch.Snapshots;
using Actors.Host.Commands;
using Actors.Host.Daemon;
using Actors.Host.Settings;
using Actors.Sdk;
using Actors.Sim.Specs;
using Actors.Yaml;

namespace Actors.Host.Tests.Dispatch.Settings;

/// <summary>The classes of the configuration reach the decision.</summary>
internal sealed class ClassTests
{
    private static readonly Kib Half = Kib.FromMiB(512);
    private static readonly DomainClass Databases = new("db-*", "actors.yaml") { Actor = "xl:paging", FloorKib = 600 << 10, Share = 2000 };

    [Test]
    public void A_class_chooses_the_policy_and_the_floor_of_its_domains_only() => TestWorld.Run(async world =>
    {
        await using var host = await StartAsync(world, Databases);
        var database = await world.CreateAsync("db-1", DomainKind.Hvm);
        var web = await world.CreateAsync("web-1", DomainKind.Hvm);

        Assert.That((await world.ReachAsync(database, Half)).Reason, Does.Contain("below the floor of 600 MiB (class 'db-*' in actors.yaml)"));
        Assert.That(await world.ReachAsync(database, Kib.FromMiB(700)), Has.Property("Outcome").EqualTo("reached").And.Property("Actor").EqualTo("paging"));
        Assert.That((await world.ReachAsync(web, Half)).Actor, Is.EqualTo("balloon"));

        await world.SetAsync(database, "actor", "xl:balloon");
        Assert.That((await world.StateAsync(database, state => state.Final && state.Via == "xl:balloon")).Outcome, Is.EqualTo("reached"), "its own key comes first");
    });

    [Test]
    public void Other_classes_are_used_at_once() => TestWorld.Run(async world =>
    {
        await using var host = await StartAsync(world, Databases);
        var domid = await world.CreateAsync("db-1", DomainKind.Hvm);
        Assert.That((await world.ReachAsync(domid, Half)).Outcome, Is.EqualTo("unable"));

        await host.UseAsync(new DomainClasses([Databases with { FloorKib = null }]));

        Assert.That((await world.StateAsync(domid, state => state.Outcome == "reached")).Actor, Is.EqualTo("paging"));
    });

    [Test]
    public void Other_classes_replace_a_run_in_flight_and_leave_a_reached_domain_alone() => TestWorld.Run(async world =>
    {
        var slow = new DomainClass("slow-*", "actors.yaml") { Actor = "xl:balloon" };
        await using var host = await StartAsync(world, slow);
        var moving = await world.CreateAsync("slow-1", DomainKind.Hvm, new BalloonSpec { Rate = Rate.MiBPerSecond(1) });
        var resting = await world.CreateAsync("web-1", DomainKind.Hvm);
        var reached = await world.ReachAsync(resting, Half);
        await world.SetTargetAsync(moving, Half);
        await world.StateAsync(moving, state => state.Outcome == "running");
        var version = host.Directory.Version;

        await host.UseAsync(new DomainClasses([slow with { Actor = "xl:paging" }, new DomainClass("web-*", "actors.yaml") { Share = 7 }]));

        Assert.That(host.Directory.Version, Is.GreaterThan(version), "what waits for an actor is checked again");
        Assert.That((await world.StateAsync(moving, state => state.Via == "xl:paging" && state.Actor == "paging", TimeSpan.FromMinutes(1))).Outcome, Is.EqualTo("running").Or.EqualTo("reached"));
        Assert.That((await world.StateAsync(resting))!.Serial, Is.EqualTo(reached.Serial), "its request is the same");
    });

    [Test]
    public void The_class_of_a_domain_that_is_renamed_is_that_of_its_new_name() => TestWorld.Run(async world =>
    {
        await using var host = await StartAsync(world, Databases);
        var domid = await world.CreateAsync("web-1", DomainKind.Hvm);
        await world.Toolstack.WriteAsync(domid, "name", "db-2");
        await world.SetAsync(domid, "share", "1");

        Assert.That((await world.ReachAsync(domid, Half)).Outcome, Is.EqualTo("unable"));
    });

    [Test]
    public void A_reload_of_the_configuration_replaces_the_classes_and_a_broken_file_does_not() => TestWorld.Run(async world =>
    {
        await using var host = await StartAsync(world);
        var text = "classes: [{ match: \"db-*\", policy: paging }]";
        var reload = new ConfigurationReload(new HostConfiguration(), () => Parse(text), world.Services.Log(null));

        await reload.ReloadAsync(host);
        Assert.That(host.Directory.Classes.All.Single().Actor, Is.EqualTo("xl:paging"));
        Assert.That((await PublishedHost.ReadAsync(world.DomainZero, default)).Classes.All, Is.EqualTo(host.Directory.Classes.All));
        Assert.That(world.Logged, Has.One.EqualTo("info: the configuration has 1 class of domains now"));

        text = "classes: [{ match: \"db-*\", policy: none }]";
        await reload.ReloadAsync(host);
        Assert.That(host.Directory.Classes.All.Single().Actor, Is.EqualTo("xl:paging"));
        Assert.That(world.Logged, Has.One.Contains("actors.yaml:1:36").And.Contains("the classes and the settings of plugins stay as they are"));

        text = "default_policy: balloon";
        await reload.ReloadAsync(host);
        Assert.That(host.Directory.Classes.All, Is.Empty);
        Assert.That(world.Logged, Has.One.Contains("restart the daemon to use them"));
    });

    [Test]
    public void Commands_show_where_each_setting_comes_from() => TestWorld.Run(async world =>
    {
        await using var host = await StartAsync(world, Databases with { MinKib = 1 << 20, MaxKib = 1 << 21 });
        var domid = await world.CreateAsync("db-1");
        await world.SetAsync(domid, "timeout", "90");
        await world.SetAsync(domid, "max", "lots");
        await world.SetAsync(domid, "min", "3000000");
        await world.SetAsync(domid, "max", "2000000");
        var published = await PublishedHost.ReadAsync(world.DomainZero, default);

        var view = await SettingsView.ReadAsync(world.DomainZero, await SnapshotReader.ReadKeysAsync(world.DomainZero, domid, null, default), published, default);

        Assert.Multiple(() =>
        {
            Assert.That(view.Actor, Is.EqualTo(new TextSetting("xl:paging", "class 'db-*' in actors.yaml")));
            Assert.That(view.TimeoutS, Is.EqualTo(new NumberSetting(90, "memory-policy/timeout")));
            Assert.That(view.FloorKib, Is.EqualTo(new NumberSetting(600 << 10, "class 'db-*' in actors.yaml")));
            Assert.That(view.MinKib, Is.EqualTo(new NumberSetting(3000000, "memory-policy/min")));
            Assert.That(view.Share, Is.EqualTo(new NumberSetting(2000, "class 'db-*' in actors.yaml")));
            Assert.That(view.Problems, Is.EqualTo(new[] { "min 3000000 KiB (memory-policy/min) is above max 2000000 KiB (memory-policy/max)" }));
        });
    });

    [Test]
    public void Without_keys_and_classes_the_defaults_are_shown() => TestWorld.Run(async world =>
    {
        await using var host = await StartAsync(world);
        var domid = await world.CreateAsync("web-1");
        await world.SetAsync(domid, "share", "\u001b[2J");

        var view = await SettingsView.ReadAsync(
            world.DomainZero, await SnapshotReader.ReadKeysAsync(world.DomainZero, domid, null, default), await PublishedHost.ReadAsync(world.DomainZero, default), default);

        Assert.Multiple(() =>
        {
            Assert.That(view.Actor, Is.EqualTo(new TextSetting(null, "default")));
            Assert.That(view.FloorKib, Is.EqualTo(new NumberSetting(232 << 10, "default for static-max, unless the policy sets one")));
            Assert.That(view.MinKib, Is.EqualTo(new NumberSetting(232 << 10, "default: the floor")));
            Assert.That(view.MaxKib, Is.EqualTo(new NumberSetting(1 << 20, "default: static-max")));
            Assert.That(view.Share, Is.EqualTo(new NumberSetting(null, @"memory-policy/share is '\x1b[2J', which is not a number")));
        });
    });

    private static HostConfiguration Parse(string text)
    {
        var problems = new YamlProblems("actors.yaml");
        return HostConfiguration.Parse(text, "/", problems, (_, _) => ["paging", "balloon"])
            ?? throw new CommandException(3, problems.InOrder.Select(problem => problem.ToString()));
    }

    private static Task<ActorHost> StartAsync(TestWorld world, params IReadOnlyList<DomainClass> classes) => ActorHost.StartAsync(
        world.Services, new HostOptions { PluginFolder = ProgramFolder.Plugins, PolicyFolder = ProgramFolder.Policies, Classes = new DomainClasses(classes) });
}
