namespace Actors.Host.Tests.Loading.Vendor;

/// <summary>A plugin receives settings of its own as a typed object, and every mistake in them has a position, wherever the plugin runs.</summary>
[TestFixture(true)]
[TestFixture(false)]
internal sealed class SettingsTests(bool inProcess)
{
    private const string Defaults = "3 50 False 1 - Slow [] [] -/";

    [Test]
    public async Task Without_settings_it_has_the_defaults_of_its_class()
    {
        await using var host = new VendorHost(inProcess);

        Assert.That((await host.ReachAsync("settings")).Reason, Is.EqualTo(Defaults));
    }

    [Test]
    public async Task Every_kind_of_value_is_read()
    {
        await using var host = new VendorHost(inProcess,
            settings: "{ level: 5, share: 7, verify: true, check_interval: 250ms, pool: 512MiB, speed: very_fast, guests: [a, b], limits: { x: 1GiB }, tier: { path: /srv/x } }");

        Assert.That((await host.ReachAsync("settings")).Reason, Is.EqualTo("5 7 True 0.25 512 MiB VeryFast [a,b] [x=1 GiB] /srv/x/2"));
    }

    [Test]
    public async Task The_operators_settings_override_those_of_the_manifest_key_by_key()
    {
        await using var host = new VendorHost(inProcess, "contract: 1.1\nsettings: { level: 4, tier: { path: /a, depth: 9 }, guests: [x] }", settings: "{ tier: { path: /b }, guests: [] }");

        Assert.That((await host.ReachAsync("settings")).Reason, Is.EqualTo("4 50 False 1 - Slow [] [] /b/9"));
    }

    [Test]
    public async Task All_mistakes_reject_the_plugin_with_their_positions()
    {
        await using var host = new VendorHost(inProcess, "contract: 1.1\nsettings:\n  speed: fats\n", settings: "{ levle: 5, share: 0.5,\n    tier: { depth: 1 }, limits: { x: 1 }, guests: a, pool: [] }");

        var problem = await ProblemAsync(host);
        var manifest = host.Root.File("plugin.yaml", "vendor");

        Assert.That(problem.Split("its settings are wrong: ")[1].Split("; ", StringSplitOptions.RemoveEmptyEntries), Is.EqualTo(new[]
        {
            $"{manifest}:6:10: 'speed': expected slow, very_fast, found 'fats'",
            "actors.yaml:2:13: unknown key 'levle'", "did you mean 'level'?",
            "actors.yaml:2:30: 'share': expected a whole number, found '0.5'",
            "actors.yaml:3:11: 'path' is missing",
            "actors.yaml:3:38: 'x': the unit is missing: 1MiB, or 1KiB, found '1'",
            "actors.yaml:3:51: 'guests' should be a list ('[a, b]'), found 'a'",
            "actors.yaml:3:60: 'pool' should be a single value, found a list",
        }));
    }

    [Test]
    public async Task Mistakes_of_every_kind_are_reported_at_once()
    {
        await using var host = new VendorHost(inProcess, settings: "{ levle: 5, level: 10, share: 101, pool: x }");

        Assert.That((await ProblemAsync(host)).Split("its settings are wrong: ")[1].Split("; actors", StringSplitOptions.RemoveEmptyEntries), Is.EqualTo(new[]
        {
            "actors.yaml:2:13: unknown key 'levle'; did you mean 'level'?",
            ".yaml:2:30: 'level': must be from 0 to 9",
            ".yaml:2:41: 'share': must be from 1 to 100",
            ".yaml:2:52: 'pool': expected a size such as 512MiB (units: k, m, g, t), found 'x'",
        }));
    }

    [TestCase("{ level: 10 }", "actors.yaml:2:20: 'level': must be from 0 to 9")]
    [TestCase("{ share: 101 }", "actors.yaml:2:20: 'share': must be from 1 to 100")]
    public async Task What_the_plugins_class_checks_has_a_position_too(string settings, string problem)
    {
        await using var host = new VendorHost(inProcess, settings: settings);

        Assert.That(await ProblemAsync(host), Does.EndWith($"its settings are wrong: {problem}"));
    }

    [Test]
    public async Task A_reload_gives_it_the_new_settings_and_keeps_the_old_ones_when_they_are_wrong()
    {
        await using var host = new VendorHost(inProcess, settings: "{ level: 1 }");
        await host.ReachAsync("settings");

        await host.ConfigureAsync("{ level: 2 }");
        Assert.That((await host.ReachAsync("settings")).Reason, Does.StartWith("2 "));

        await host.ConfigureAsync("{ level: x }");
        Assert.That((await host.ReachAsync("settings")).Reason, Does.StartWith("2 "));
        Assert.That((await host.StatusAsync()).Problems, Is.EqualTo(new[] { "actors.yaml:2:20: 'level': expected a whole number, found 'x'" }));

        await host.ConfigureAsync(null);
        Assert.That((await host.ReachAsync("settings")).Reason, Is.EqualTo(Defaults));
        Assert.That(await host.StatusAsync(), Has.Property("Problems").Empty.And.Property("Generation").EqualTo(1), "it was not loaded again");
    }

    [Test]
    public async Task A_plugin_that_throws_when_it_gets_new_settings_has_a_fault_and_keeps_serving()
    {
        await using var host = new VendorHost(inProcess);
        await host.ReachAsync("settings");

        await host.ConfigureAsync("{ level: 7 }");

        var status = await host.StatusAsync();
        Assert.That((status.Faults, status.LastFault), Is.EqualTo((1, "when it received new settings: InvalidOperationException: seven")));
        Assert.That((await host.ReachAsync("settings")).Reason, Is.EqualTo(Defaults));
    }

    [Test]
    public async Task A_plugin_that_was_rejected_for_its_settings_serves_once_they_are_right()
    {
        await using var host = new VendorHost(inProcess, settings: "{ level: x }");
        await ProblemAsync(host);

        await host.ConfigureAsync("{ level: 6 }");

        Assert.That((await host.ReachAsync("settings")).Reason, Does.StartWith("6 "));
    }

    [Test]
    public async Task A_process_that_is_started_again_has_the_newest_settings()
    {
        if (inProcess)
            Assert.Ignore("the daemon's own process is not started again");
        await using var host = new VendorHost(inProcess, settings: "{ level: 1 }");
        await host.ReachAsync("settings");
        await host.ConfigureAsync("{ level: 2 }");

        await host.ReachAsync("exit");

        Assert.That(await host.ServedAsync("settings"), Does.StartWith("2 "));
    }

    // A process reports it when its calls are waiting already.
    private static async Task<string> ProblemAsync(VendorHost host)
    {
        while (true)
        {
            if ((await host.StatusAsync()) is { State: "refused", Problems: [var problem] })
                return problem;
            await Task.Yield();
        }
    }
}
