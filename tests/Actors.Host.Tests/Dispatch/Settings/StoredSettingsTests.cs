using Actors.Cli.CommandLine;
using Actors.Cli.Control;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Settings;
using Actors.Host.Daemon;
using Actors.Sdk;
using Actors.Sim.Specs;
using Actors.XenStore;

namespace Actors.Host.Tests.Dispatch.Settings;

/// <summary>What a toolstack set for a domain survives a new domid.</summary>
internal sealed class StoredSettingsTests
{
    private static readonly Kib Half = Kib.FromMiB(512);

    [Test]
    public void A_guest_that_reboots_while_it_is_paged_is_paged_again() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await world.CreateAsync("db-1", DomainKind.Hvm, new BalloonSpec { Behaviour = BalloonBehaviour.Refuses });
        await world.SetAsync(domid, "actor", "xl:paging");
        await world.SetAsync(domid, "floor", $"{Kib.FromMiB(400).Value}");
        Assert.That((await world.ReachAsync(domid, Half)).Outcome, Is.EqualTo("reached"));

        var successor = (await world.Toolstack.RebootAsync(domid)).Domid;

        var state = await world.StateAsync(successor, state => state.Outcome == "reached");
        Assert.That(state.Target, Is.EqualTo(Half));
        Assert.That(state.Actor, Is.EqualTo("paging"));
        Assert.That(world.Footprint(successor).Value, Is.EqualTo(Half.Value).Within(1024));
        Assert.That(await KeysAsync(world, successor), Is.EqualTo("actor=xl:paging floor=409600 target=524288"));
        var restored = $"restored from the settings of {world.Info(successor).Uuid}: actor xl:paging, floor 409600 KiB, target 524288 KiB";
        Assert.That(world.Journal.Where(entry => entry.Outcome == "restored").Select(entry => (entry.Domid, entry.Reason)), Is.EqualTo(new[] { (successor, restored) }));
        Assert.That(world.Logged, Has.One.EqualTo($"info: {successor}: {restored}"));
    });

    [Test]
    public void Every_setting_survives_a_reboot_and_save_and_restore() => TestWorld.Run(async world =>
    {
        const string Keys = "actor=xl:balloon timeout=90 floor=300000 min=400000 max=900000 share=2000 sharing-group=dbs left-alone=700000 target=524288";
        await using var host = await world.StartHostAsync();
        var domid = await world.CreateAsync("db-1");
        foreach (var key in Keys.Split(' '))
            await world.SetAsync(domid, key.Split('=')[0], key.Split('=')[1]);
        await world.AfterAsync(30);

        var rebooted = (await world.Toolstack.RebootAsync(domid)).Domid;
        await world.AfterAsync(60);
        Assert.That(await KeysAsync(world, rebooted), Is.EqualTo(Keys));

        var restored = (await world.Toolstack.SaveAndRestoreAsync(rebooted)).Domid;
        await world.AfterAsync(60);
        Assert.That(await KeysAsync(world, restored), Is.EqualTo(Keys));
    });

    [Test]
    public void What_the_toolstack_writes_for_the_new_domid_wins() => TestWorld.Run(async world =>
    {
        var domid = await world.CreateAsync("db-1");
        await using (await world.StartDispatchAsync(Directory()))
        {
            await world.SetAsync(domid, "actor", "xl:gone");
            await world.SetAsync(domid, "floor", "300000");
            await world.SetAsync(domid, "left-alone", "700000");
            await world.SetTargetAsync(domid, Half);
            await world.AfterAsync(1);
        }
        var successor = (await world.Toolstack.RebootAsync(domid)).Domid;
        await world.SetAsync(successor, "floor", "310000");
        await world.SetTargetAsync(successor, Kib.FromMiB(600));

        await using var next = await world.StartDispatchAsync(Directory());
        await world.AfterAsync(1);

        Assert.That(await KeysAsync(world, successor), Is.EqualTo("actor=xl:gone floor=310000 target=614400"));
        await world.SetAsync(successor, "floor", "320000");
        await world.AfterAsync(1);
        Assert.That(world.Settings.Find(world.Info(successor).Uuid)!.Keys["floor"], Is.EqualTo("320000"));
    });

    [Test]
    public void A_key_that_was_removed_stays_removed_even_if_no_daemon_saw_it() => TestWorld.Run(async world =>
    {
        var domid = await world.CreateAsync("db-1");
        await using (await world.StartDispatchAsync(Directory()))
        {
            await world.SetAsync(domid, "actor", "xl:gone");
            await world.SetAsync(domid, "floor", "300000");
            await world.SetTargetAsync(domid, Half);
            await world.AfterAsync(1);
            await world.Toolstack.RemoveAsync(domid, "memory-policy/floor");
            await world.AfterAsync(1);
        }
        await world.Toolstack.RemoveAsync(domid, "memory-policy/actor");
        await using var next = await world.StartDispatchAsync(Directory());
        await world.AfterAsync(1);

        var successor = (await world.Toolstack.RebootAsync(domid)).Domid;
        await world.AfterAsync(1);

        Assert.That(await KeysAsync(world, successor), Is.EqualTo("target=524288"));
    });

    [Test]
    public void Settings_follow_the_UUID_and_not_the_name() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartDispatchAsync(Directory());
        var one = await world.CreateAsync("one");
        var two = await world.CreateAsync("two");
        await world.SetAsync(one, "floor", "111111");
        await world.SetAsync(two, "floor", "222222");
        await world.AfterAsync(1);
        await world.Toolstack.WriteAsync(one, "name", "two");
        await world.Toolstack.WriteAsync(two, "name", "one");

        var three = await world.Toolstack.CreateAsync(new DomainSpec { Name = "one", Memory = Kib.FromGiB(1), Uuid = Guid.Parse("11111111-2222-3333-4444-555555555555") });
        one = (await world.Toolstack.RebootAsync(one)).Domid;
        two = (await world.Toolstack.RebootAsync(two)).Domid;
        await world.AfterAsync(1);

        Assert.That(await KeysAsync(world, one), Is.EqualTo("floor=111111"));
        Assert.That(await KeysAsync(world, two), Is.EqualTo("floor=222222"));
        Assert.That(await KeysAsync(world, three.Domid), Is.Empty);
    });

    [Test]
    public void Settings_survive_a_daemon_that_is_not_there_when_the_domain_reboots() => TestWorld.Run(async world =>
    {
        using var scratch = new ScratchFolder();
        var file = Path.Combine(scratch.Path, "settings");
        var domid = await world.CreateAsync("db-1");
        await using (await world.StartHostAsync(settings: file))
        {
            await world.SetAsync(domid, "actor", "xl:balloon");
            await world.ReachAsync(domid, Half);
        }
        var successor = (await world.Toolstack.RebootAsync(domid)).Domid;
        await world.AfterAsync(30);

        await using var next = await world.StartHostAsync(settings: file);

        Assert.That((await world.StateAsync(successor, state => state.Outcome == "reached")).Target, Is.EqualTo(Half));
        Assert.That(await KeysAsync(world, successor), Is.EqualTo("actor=xl:balloon target=524288"));
    });

    [Test]
    public void A_policy_that_is_gone_is_the_reason_and_the_setting_stays() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await world.CreateAsync("db-1");
        await world.SetAsync(domid, "actor", "xl:no-such-policy");
        await world.SetTargetAsync(domid, Half);
        await world.AfterAsync(1);

        var successor = (await world.Toolstack.RebootAsync(domid)).Domid;

        var state = await world.StateAsync(successor, state => state.Outcome == "unable");
        Assert.That(state.Reason, Does.Contain("no-such-policy"));
        Assert.That(await KeysAsync(world, successor), Is.EqualTo("actor=xl:no-such-policy target=524288"));
    });

    [Test]
    public void A_damaged_file_is_reported_and_the_daemon_starts()
    {
        using var scratch = new ScratchFolder();
        var file = Path.Combine(scratch.Path, "settings");
        File.WriteAllText(file, "actors settings 1\nrubbish\n");
        TestWorld.Run(async world =>
        {
            var domid = await world.CreateAsync("db-1");

            await using var host = await world.StartHostAsync(settings: file);

            Assert.That((await world.ReachAsync(domid, Half)).Outcome, Is.EqualTo("reached"));
            Assert.That(world.Logged, Has.One.Contains("the stored settings of domains are damaged").And.One.Contains("line 2 is damaged"));
        });
    }

    [Test]
    public void A_store_that_comes_back_empty_gets_everything_again() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await world.CreateAsync("db-1");
        await world.SetAsync(domid, "actor", "xl:balloon");
        await world.SetAsync(domid, "min", "400000");
        var before = await world.ReachAsync(domid, Half);
        var published = await PublishedHost.ReadAsync(world.DomainZero, default);
        var plugins = await world.DomainZero.ListAsync("/tool/actors/plugins");

        foreach (var root in new[] { "/tool", "/local", "/vm", "/libxl" })
            await world.DomainZero.RemoveAsync(root);
        await world.AfterAsync(5);

        Assert.That(await KeysAsync(world, domid), Is.EqualTo("actor=xl:balloon min=400000 target=524288"));
        var state = (await world.StateAsync(domid))!;
        Assert.That((state.Outcome, state.Target, state.Via), Is.EqualTo((before.Outcome, before.Target, before.Via)));
        Assert.That(state.Engaged, Is.EqualTo(before.Engaged));
        Assert.That((await PublishedHost.ReadAsync(world.DomainZero, default)).Policies, Is.EqualTo(published.Policies));
        Assert.That(await world.DomainZero.ReadTextAsync("/tool/actors/actors"), Is.EqualTo(string.Join(' ', published.Actors)));
        Assert.That(await world.DomainZero.ListAsync("/tool/actors/plugins"), Is.EqualTo(plugins));
        Assert.That(await world.DomainZero.ReadTextAsync("/tool/actors/pid"), Is.EqualTo($"{Environment.ProcessId}"));
        Assert.That((await world.DomainZero.GetPermissionsAsync(PolicyKeys.Of(domid, PolicyKeys.Reason))).WritableByGuests, Is.False);
        Assert.That(world.Logged, Has.One.Contains("xenstore has lost its contents"));

        await world.Toolstack.DestroyAsync(domid);
        await world.AfterAsync(5);
        Assert.That(await world.DomainZero.TryReadAsync(PolicyKeys.Domain(domid)), Is.Null, "nothing of a domain that has ended is left");
    });

    [Test]
    public void A_domain_that_is_being_destroyed_does_not_lose_its_settings() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await world.CreateAsync("db-1");
        var uuid = world.Info(domid).Uuid;
        await world.SetTargetAsync(domid, Half);
        await world.AfterAsync(20);

        // libxl removes the nodes first and destroys the domain afterwards.
        await world.Toolstack.PauseAsync(domid);
        await world.DomainZero.RemoveAsync(PolicyKeys.Domain(domid));
        await world.AfterAsync(5);
        Assert.That(await world.DomainZero.TryReadAsync(PolicyKeys.Domain(domid)), Is.Null);
        await world.Toolstack.DestroyAsync(domid);
        var successor = await world.Toolstack.CreateAsync(new DomainSpec { Name = "db-1", Memory = Kib.FromGiB(1), Uuid = uuid });

        Assert.That((await world.StateAsync(successor.Domid, state => state.Outcome == "reached")).Target, Is.EqualTo(Half));
    });

    [Test]
    public void A_key_that_the_guest_could_have_written_is_not_stored() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartDispatchAsync(Directory());
        var domid = await world.CreateAsync("db-1");
        await world.SetAsync(domid, "floor", "300000");
        await world.AfterAsync(1);
        await world.DomainZero.SetPermissionsAsync(PolicyKeys.Of(domid, PolicyKeys.Floor), new NodePermissions(new(0, NodeAccess.None), new NodePermission(domid, NodeAccess.Both)));
        await world.SetAsync(domid, "floor", "1");
        await world.AfterAsync(1);

        var successor = (await world.Toolstack.RebootAsync(domid)).Domid;
        await world.AfterAsync(1);

        Assert.That(await KeysAsync(world, successor), Is.EqualTo("floor=300000"));
    });

    [Test]
    public void Domains_without_a_UUID_share_no_settings() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartDispatchAsync(Directory());
        var one = await world.Toolstack.CreateAsync(new DomainSpec { Name = "one", Memory = Kib.FromGiB(1), Uuid = Guid.Empty });
        await world.AfterAsync(1);
        await world.SetAsync(one.Domid, "floor", "300000");
        await world.SetAsync(0, "floor", "600000");
        await world.AfterAsync(1);
        await world.Toolstack.DestroyAsync(one.Domid);
        var two = await world.Toolstack.CreateAsync(new DomainSpec { Name = "two", Memory = Kib.FromGiB(1), Uuid = Guid.Empty });
        await world.AfterAsync(1);

        Assert.That(await KeysAsync(world, two.Domid), Is.Empty);
        Assert.That(world.Settings.Find(Guid.Empty)!.Keys["floor"], Is.EqualTo("600000"), "dom0 has its own");
    });

    [Test]
    public void Forget_drops_the_settings_of_a_domain_that_runs_and_of_one_that_has_ended() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var running = await world.CreateAsync("db-1");
        var ended = await world.CreateAsync("db-2");
        var uuid = world.Info(ended).Uuid;
        foreach (var domid in new[] { running, ended })
        {
            await world.SetAsync(domid, "floor", "300000");
            await world.ReachAsync(domid, Half);
        }
        await world.Toolstack.DestroyAsync(ended);
        await world.AfterAsync(1);

        var unknown = await ForgetAsync(host, "db-3");
        Assert.That((unknown.ExitCode, unknown.Error), Is.EqualTo((ExitCode.Failed, "no domain 'db-3' runs, and no settings are stored for one; did you mean 'db-1'?")));
        Assert.That((await ForgetAsync(host, "db-1")).Body!.Value.GetProperty("dropped").ToString(), Is.EqualTo("""[{"key":"target","value":"524288"},{"key":"floor","value":"300000"}]"""));
        Assert.That((await ForgetAsync(host, "db-2")).Body!.Value.GetProperty("domid").ToString(), Is.Empty);
        await world.AfterAsync(1);

        Assert.That(await KeysAsync(world, running), Is.Empty);
        var reborn = await world.Toolstack.CreateAsync(new DomainSpec { Name = "db-2", Memory = Kib.FromGiB(1), Uuid = uuid });
        running = (await world.Toolstack.RebootAsync(running)).Domid;
        await world.AfterAsync(30);
        Assert.That(await KeysAsync(world, reborn.Domid), Is.Empty);
        Assert.That(await KeysAsync(world, running), Is.Empty);
        Assert.That((await ForgetAsync(host, $"{uuid}")).Body!.Value.GetProperty("dropped").GetArrayLength(), Is.Zero);
    });

    private static Task<ControlAnswer> ForgetAsync(ActorHost host, string domain) =>
        host.Verbs.AnswerAsync(new ControlRequest(ForgetVerb.Verb, [domain]), default);

    private static Actors.Dispatch.Registry.ActorDirectory Directory() => new("nobody");

    private static async Task<string> KeysAsync(TestWorld world, int domid)
    {
        var keys = new List<string>();
        foreach (var key in StoredKeys.All)
        {
            if (await world.DomainZero.TryReadTextAsync(PolicyKeys.Of(domid, key)) is { } value)
                keys.Add($"{key}={value}");
        }
        return string.Join(' ', keys);
    }
}
