using System.Diagnostics;
using System.Globalization;
using Actors.Sdk;
using Actors.Sim.Clock;
using Actors.Sim.Hypervisor;
using Actors.Sim.Scenarios;
using Actors.Sim.Scenarios.Yaml;
using Actors.XenStore;
using Actors.XenStore.Embedded;

namespace Actors.Sim.Tests;

internal sealed class ScenarioRunTests
{
    private const string Busy = """
        host: { memory: 8GiB, seed: SEED }
        domains:
          - { name: web, memory: 1GiB, workload: { working_set: { shape: sine, least: 100MiB, most: 400MiB, period: 2m }, file_cache: 200MiB, noise: 0.1 } }
          - { name: slow, kind: hvm, memory: 1GiB, guest: { balloon: { rate: 5MiB/s } } }
          - { name: old, kind: pv, memory: 512MiB, guest: { balloon: none } }
        events:
          - { at: 5s, domain: web, write: { memory/target: 524288 } }
          - { at: 5s, domain: slow, write: { memory/target: 524288 } }
          - { at: 30s, domain: slow, do: pause }
          - { at: 40s, domain: slow, do: unpause }
          - { at: 50s, domain: web, do: reboot }
          - { at: 60s, domain: old, do: destroy }
          - { at: 70s, create: { name: new, memory: 1GiB } }
          - { at: 80s, domain: new, write: { memory/target: 400000 } }
          - { at: 90s, domain: old, do: pause }
        """;

    [Test]
    public void The_same_seed_gives_the_same_trace_and_another_seed_another()
    {
        var first = Play(Busy, seed: 1, TimeSpan.FromMinutes(10));
        Assert.That(Play(Busy, seed: 1, TimeSpan.FromMinutes(10)), Is.EqualTo(first));
        Assert.That(Play(Busy, seed: 2, TimeSpan.FromMinutes(10)), Is.Not.EqualTo(first));
    }

    [Test]
    public void Events_are_reported_line_by_line()
    {
        var trace = Play(Busy, seed: 1, TimeSpan.FromMinutes(10)).Select(line => line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
        Assert.That(trace, Is.SupersetOf(new[]
        {
            "domain 1 (web) is created: Pvh, 1 GiB",
            "domain 1 (web) is running",
            "domain 1 (web) balloon moves to 513 MiB",
            "domain 1 (web) balloon reached 513 MiB",
            "domain 2 (slow) is paused",
            "domain 2 (slow) is unpaused",
            "domain 1 (web) reboots",
            "domain 1 (web) is gone",
            "domain 4 (web) is running",
            "domain 3 (old) is gone",
            "domain 5 (new) is running",
            "domain 2 (slow) balloon reached 521 MiB",
            "an event for old failed: There is no domain old.",
        }));
    }

    [Test]
    public void A_target_is_written_as_a_toolstack_writes_it()
    {
        var world = new EmbeddedXenStore();
        var clock = new SimulationClock();
        var scenario = ScenarioFile.Parse("""
            domains: [ { name: web, memory: 1GiB } ]
            events: [ { at: 5s, domain: web, target: 512MiB, actor: "xl:balloon" } ]
            """, "target.yaml");
        clock.Run(async () =>
        {
            await new ScenarioRun(scenario, new SimulatedHost(clock, world.Connect, scenario.Host)).StartAsync();
            await clock.After(6);
            var dom0 = world.Connect(0);
            Assert.That(await dom0.ReadTextAsync("/local/domain/1/memory-policy/target"), Is.EqualTo("524288"));
            Assert.That(await dom0.ReadTextAsync("/local/domain/1/memory-policy/actor"), Is.EqualTo("xl:balloon"));
            Assert.That((await dom0.GetPermissionsAsync("/local/domain/1/memory-policy/target")).WritableByGuests, Is.False);
        }, TimeSpan.FromMinutes(1));
    }

    [Test]
    public void Other_tools_can_change_max_mem_remove_keys_write_targets_and_save_and_restore_a_domain()
    {
        var world = new EmbeddedXenStore();
        var clock = new SimulationClock();
        var scenario = ScenarioFile.Parse("""
            domains: [ { name: web, memory: 1GiB } ]
            events:
              - { at: 5s, domain: web, target: 512MiB }
              - { at: 6s, domain: web, remove: memory-policy/target }
              - { at: 7s, domain: web, max_mem: 2GiB }
              - { at: 8s, domain: web, write: { memory/target: "614400" } }
              - { at: 20s, domain: web, do: save_restore }
            """, "tools.yaml");
        var host = new SimulatedHost(clock, world.Connect, scenario.Host);
        clock.Run(async () =>
        {
            await new ScenarioRun(scenario, host).StartAsync();
            await clock.After(19);
            Assert.That(await host.DomainZero.TryReadTextAsync("/local/domain/1/memory-policy/target"), Is.Null);
            Assert.That(host.Find("web")!.Info, Has.Property(nameof(DomainInfo.MaxMem)).EqualTo(Kib.FromMiB(2048)).And.Property(nameof(DomainInfo.Footprint)).EqualTo(Kib.FromMiB(601)));
            await clock.After(10);
            Assert.That(host.Find("web"), Has.Property("Domid").EqualTo(2).And.Property("State").EqualTo(DomainState.Running));
        }, TimeSpan.FromMinutes(1));
    }

    [Test]
    public void A_thousand_domains_live_for_a_simulated_day_in_seconds()
    {
        var domains = string.Join('\n', Enumerable.Range(0, 1000).Select(i =>
            $"  - {{ name: d{i}, memory: 1GiB, workload: {{ working_set: {{ shape: days, day: 400MiB, night: 100MiB }}, file_cache: 100MiB }} }}"));
        var events = string.Join('\n', Enumerable.Range(0, 1000).Select(i =>
            $"  - {{ at: {60 + i}s, domain: d{i}, write: {{ memory/target: {(600 + (i % 100)) * 1024} }} }}"));
        var watch = Stopwatch.StartNew();
        var trace = Play($"host: {{ memory: 1100GiB }}\ndomains:\n{domains}\nevents:\n{events}\n", seed: 1, TimeSpan.FromHours(24));
        TestContext.Out.WriteLine($"1000 domains, 24 h: {watch.Elapsed.TotalSeconds:F1} s");
        Assert.That(trace.Count(line => line.Contains("balloon reached", StringComparison.Ordinal)), Is.GreaterThanOrEqualTo(1000));
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(60)));
    }

    [Test]
    public async Task The_same_world_runs_in_real_time_with_callers_on_other_threads()
    {
        var store = new EmbeddedXenStore();
        var clock = new SimulationClock();
        var scenario = ScenarioFile.Parse("domains: [ { name: web, memory: 256MiB, boot: 10ms } ]", "real.yaml");
        await using var loop = new RealTimeLoop(clock);
        var host = new SimulatedHost(clock, store.Connect, scenario.Host);
        await new ScenarioRun(scenario, host).StartAsync();
        var dom0 = store.Connect(0);
        await WaitForAsync(async () => (await host.GetDomainAsync(1))!.State == DomainState.Running);
        await host.GetMechanism<IMaxMem>(1).Mechanism!.SetMaxMemAsync(Kib.FromMiB(200));
        await dom0.WriteTextAsync("/local/domain/1/memory/target", $"{150 * 1024}");
        await WaitForAsync(async () => (await host.GetDomainAsync(1))!.Footprint == Kib.FromMiB(151));
        var domain = await host.GetDomainAsync(1);
        Assert.That(domain!.MaxMem, Is.EqualTo(Kib.FromMiB(200)));
    }

    private static List<string> Play(string yaml, int seed, TimeSpan time)
    {
        var scenario = ScenarioFile.Parse(yaml.Replace("SEED", seed.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal), "test.yaml");
        var trace = new List<string>();
        var clock = new SimulationClock();
        clock.Run(async () =>
        {
            await new ScenarioRun(scenario, new SimulatedHost(clock, new EmbeddedXenStore().Connect, scenario.Host, trace.Add)).StartAsync();
            await clock.After(time);
        }, TimeSpan.FromDays(2));
        return trace;
    }

    private static async Task WaitForAsync(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        while (!await condition())
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, deadline.Token);
    }
}
