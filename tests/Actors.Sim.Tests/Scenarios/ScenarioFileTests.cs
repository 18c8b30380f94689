using Actors.Sdk;
using Actors.Sim.Scenarios;
using Actors.Sim.Scenarios.Yaml;
using Actors.Sim.Specs;
using static Actors.Sim.Tests.Specs;

namespace Actors.Sim.Tests;

internal sealed class ScenarioFileTests
{
    [Test]
    public void A_scenario_is_read_as_it_is_written()
    {
        var scenario = ScenarioFile.Parse("""
            host: { memory: 4GiB, seed: 7, paging: false, paging_rate: 20MiB/s, page_in_rate: 5MiB/s, dom0_memory: 256MiB }
            domains:
              - name: web-1
                kind: hvm
                memory: 1GiB
                static_max: 2GiB
                boot: 10s
                guest: { balloon: { rate: 200MiB/s, deflate_rate: 300MiB/s, driver: older, floor: 100MiB }, swap: 64MiB, kernel: 90MiB, dies_below: 95MiB, reports: 10s }
                workload: { working_set: 300MiB, touch_rate: 10MiB/s, noise: 0.1 }
              - { name: stuck, memory: 1GiB, guest: { balloon: refuses } }
            events:
              - { at: 9s, domain: stuck, do: reboot }
              - { at: 5s, domain: web-1, target: 512MiB, actor: xl, timeout: 30s, floor: 128MiB }
              - { at: 6s, domain: late, write: { memory-policy/target: abc } }
              - { at: 7s, domain: stuck, do: save_restore }
              - { at: 7500ms, domain: stuck, remove: memory-policy/target }
              - { at: 8s, domain: stuck, max_mem: 700MiB }
              - { at: 1s, create: { name: late, kind: pv, memory: 256MiB } }
            expect:
              - { domain: stuck, outcome: reached, by: paging, within: 60s }
              - { domain: late, outcome: unable }
            """, "demo.yaml");
        var web = scenario.Domains[0];
        Assert.Multiple(() =>
        {
            Assert.That(scenario.Host, Is.EqualTo(new HostSpec
            {
                Memory = MiB(4096),
                Dom0Memory = MiB(256),
                Seed = new Seed(7),
                Paging = false,
                PagingRate = Rate.MiBPerSecond(20),
                PageInRate = Rate.MiBPerSecond(5),
            }));
            Assert.That(web, Has.Property("Kind").EqualTo(DomainKind.Hvm).And.Property("Most").EqualTo(MiB(2048)));
            Assert.That(web.Guest.Balloon, Is.EqualTo(new BalloonSpec
            {
                Rate = Rate.MiBPerSecond(200),
                DeflateRate = Rate.MiBPerSecond(300),
                Driver = BalloonDriverKind.Older,
                Floor = MiB(100),
            }));
            Assert.That((web.Guest.DiesBelow, web.Guest.Reports), Is.EqualTo((MiB(95), new ReportSpec { Every = TimeSpan.FromSeconds(10) })));
            Assert.That(web.Guest.Workload.Phases[0].WorkingSet, Is.EqualTo(new ConstantShape(MiB(300))));
            Assert.That(scenario.Domains[1].Guest.Balloon.Behaviour, Is.EqualTo(BalloonBehaviour.Refuses));
            Assert.That(scenario.Events.Select(happening => happening.At.TotalSeconds), Is.EqualTo(new[] { 1.0, 5, 6, 7, 7.5, 8, 9 }));
            Assert.That(scenario.Events[3], Is.EqualTo(new LifeEvent(TimeSpan.FromSeconds(7), "stuck", LifeChange.SaveRestore)));
            Assert.That(scenario.Events[4], Is.EqualTo(new RemoveEvent(TimeSpan.FromSeconds(7.5), "stuck", "memory-policy/target")));
            Assert.That(scenario.Events[5], Is.EqualTo(new MaxMemEvent(TimeSpan.FromSeconds(8), "stuck", MiB(700))));
            Assert.That(((WriteEvent)scenario.Events[1]).Keys, Is.EqualTo(new[]
            {
                ("memory-policy/actor", "xl"), ("memory-policy/timeout", "30"), ("memory-policy/floor", "131072"), ("memory-policy/target", "524288"),
            }));
            Assert.That(scenario.Expectations[0], Is.EqualTo(new Expectation("stuck", OutcomeKind.Reached, "paging", TimeSpan.FromMinutes(1))));
        });
    }

    [Test]
    public void A_device_without_an_end_is_no_scenario() => Assert.That(
        () => ScenarioFile.Load("/dev/zero"), Throws.InstanceOf<IOException>().With.Message.EqualTo("/dev/zero is larger than 64 MiB; expected a file of text"));

    [Test]
    public void All_errors_are_reported_together_with_line_and_column()
    {
        var error = Assert.Throws<ScenarioException>(() => ScenarioFile.Parse("""
            host: { memmory: 4GiB }
            domains:
              - { name: web-1, kind: pvhh, memory: 1GiB }
              - { name: web-1, memory: 512 }
              - { name: small, memory: 1GiB, static_max: 512MiB, guest: { balloon: { rate: 5MiB } } }
            events:
              - { at: 5s, domain: web-2, target: 512MiB }
              - { domain: web-1 }
              - { at: 5s, domain: web-1, do: sleep }
            expect:
              - { domain: web-1, outcome: done }
              - { domain: web-1, outcome: short, inside: 5s }
            """, "broken.yaml"))!;
        Assert.That(error.Message.ReplaceLineEndings("\n"), Is.EqualTo("""
            broken.yaml:1:9: unknown key 'memmory'; did you mean 'memory'?
            broken.yaml:3:26: 'kind': expected one of pv, pvh, hvm, found 'pvhh'
            broken.yaml:4:13: a domain named web-1 already exists
            broken.yaml:4:28: 'memory': the unit is missing: 512MiB, or 512KiB, found '512'
            broken.yaml:5:46: 'static_max' is below 'memory', 1 GiB
            broken.yaml:5:80: 'rate': expected a rate such as 200MiB/s, found '5MiB'
            broken.yaml:7:23: 'domain': no such domain (did you mean 'web-1'?), found 'web-2'
            broken.yaml:8:5: 'at' is missing: when it happens, such as 5s
            broken.yaml:8:5: this event does nothing: give one of target, actor, timeout, floor, write, remove, max_mem, claim, do, create, arrive, add_memory, offline_memory
            broken.yaml:9:34: 'do': expected one of pause, unpause, reboot, destroy, crash, kill_pager, leave, freeze_tmem, thaw_tmem, save_restore, found 'sleep'
            broken.yaml:11:31: 'outcome': expected one of reached, short, unable, superseded, failed, quarantined, found 'done'
            broken.yaml:12:38: unknown key 'inside'; known here: by, domain, outcome, within
            """.ReplaceLineEndings("\n")));
    }

    [Test]
    public void Guests_can_add_memory_sleep_move_page_by_page_and_fight()
    {
        var scenario = ScenarioFile.Parse("""
            domains:
              - { name: a, memory: 256MiB, guest: { balloon: { hotplug: true, sleeps_for: 40s, fights_after: 1m } } }
              - { name: b, memory: 256MiB, guest: { balloon: { one_page_every: 19s }, reports: { like: qubes } } }
              - { name: c, memory: 256MiB, guest: { reports: { every: 10s, factor: 0.5 } } }
            """, "guests.yaml");
        Assert.That(scenario.Domains.Select(domain => domain.Guest.Reports), Is.EqualTo(new[]
        {
            null,
            new ReportSpec { Every = TimeSpan.FromMilliseconds(100), Writer = ReportWriter.Qubes },
            new ReportSpec { Every = TimeSpan.FromSeconds(10), Factor = 0.5 },
        }));
        Assert.That(scenario.Domains.Select(domain => domain.Guest.Balloon), Is.EqualTo(new[]
        {
            new BalloonSpec { Hotplug = true, SleepsFor = TimeSpan.FromSeconds(40), FightsAfter = TimeSpan.FromMinutes(1) },
            new BalloonSpec { OnePageEvery = TimeSpan.FromSeconds(19) },
            new BalloonSpec(),
        }));
    }

    [Test]
    public void Settings_of_a_guest_that_contradict_each_other_are_errors()
    {
        var error = Assert.Throws<ScenarioException>(() => ScenarioFile.Parse("""
            domains:
              - { name: a, memory: 256MiB, guest: { balloon: { hotplug: true, driver: oldest } } }
              - { name: b, memory: 256MiB, guest: { balloon: { one_page_every: 19s, rate: 5MiB/s } } }
              - { name: c, memory: 256MiB, guest: { balloon: { sleeps_for: 0s } } }
              - { name: d, memory: 256MiB, guest: { reports: { factor: -1 } } }
            """, "guests.yaml"))!;
        Assert.That(error.Message.ReplaceLineEndings("\n"), Is.EqualTo("""
            guests.yaml:2:61: the 'oldest' driver has no memory hotplug
            guests.yaml:3:79: 'rate' has no effect with 'one_page_every'
            guests.yaml:4:64: 'sleeps_for' must be longer than zero
            guests.yaml:5:50: 'every' is missing: how often the guest reports, such as 10s
            guests.yaml:5:60: 'factor': expected a factor such as 0.5, found '-1'
            """.ReplaceLineEndings("\n")));
    }

    [Test]
    public void A_scenario_can_describe_nodes_claims_migration_and_changing_memory()
    {
        var scenario = ScenarioFile.Parse("""
            host: { memory: 16GiB, xen_version: 4.22, nodes: 2, claim_sets: true, migration_rate: 500MiB/s, toolstack_step: 2ms }
            domains:
              - { name: d, count: 3, memory: 256MiB, node: 1, workload: { working_set: 10MiB, begun_within: 4m } }
            events:
              - { at: 1s, domain: d-3, do: leave }
              - { at: 2s, arrive: { name: new, memory: 1GiB }, footprint: 600MiB, claim_by: hypervisor }
              - { at: 3s, create: { name: slow, memory: 1GiB }, rate: 100MiB/s, claim_by: toolstack }
              - { at: 4s, domain: d-1, claim: { anywhere: 1GiB, nodes: [0KiB, 2GiB] } }
              - { at: 5s, add_memory: 4GiB }
              - { at: 6s, offline_memory: 1GiB }
            """, "nodes.yaml");
        Assert.Multiple(() =>
        {
            Assert.That(scenario.Domains.Select(domain => (domain.Name, domain.Node, domain.Guest.Workload.BegunWithin.TotalMinutes)),
                Is.EqualTo(new[] { ("d-1", 1, 4.0), ("d-2", 1, 4.0), ("d-3", 1, 4.0) }));
            Assert.That(scenario.Events[0], Is.EqualTo(new LifeEvent(TimeSpan.FromSeconds(1), "d-3", LifeChange.Leave)));
            Assert.That(((CreateEvent)scenario.Events[1]).Build, Is.EqualTo(new BuildSpec { Rate = Rate.MiBPerSecond(500), ClaimBy = ClaimBy.Hypervisor, Arrives = MiB(600) }));
            Assert.That(((CreateEvent)scenario.Events[2]).Build, Is.EqualTo(new BuildSpec { Rate = Rate.MiBPerSecond(100), ClaimBy = ClaimBy.Toolstack }));
            Assert.That($"{((ClaimSetEvent)scenario.Events[3]).Set}", Is.EqualTo("1 GiB anywhere, 0 KiB on node 0, 2 GiB on node 1"));
            Assert.That(scenario.Events.Skip(4), Is.EqualTo(new[]
            {
                new HostMemoryEvent(TimeSpan.FromSeconds(5), MiB(4096)), new HostMemoryEvent(TimeSpan.FromSeconds(6), Kib.Zero - MiB(1024)),
            }));
        });
    }

    [Test]
    public void Claims_nodes_and_builds_that_make_no_sense_are_errors()
    {
        var error = Assert.Throws<ScenarioException>(() => ScenarioFile.Parse("""
            host: { memory: 16GiB, llc_coloring: true }
            domains:
              - { name: d, count: 2, memory: 256MiB, node: 1 }
              - { name: d-2, memory: 256MiB }
            events:
              - { at: 2s, arrive: { name: new, memory: 1GiB }, footprint: 2GiB }
              - { at: 3s, create: { name: slow, memory: 1GiB }, claim_by: toolstack }
              - { at: 4s, domain: d-1, claim: { anywhere: 1GiB, nodes: [1GiB, many] } }
              - { at: 5s, create: { name: e, count: 2, memory: 1GiB } }
            """, "nodes.yaml"))!;
        Assert.That(error.Message.ReplaceLineEndings("\n"), Is.EqualTo("""
            nodes.yaml:1:38: Xen colours caches from 4.20 on: raise 'xen_version', 4.17
            nodes.yaml:3:48: 'node' has no effect: add 'host: { nodes: 2 }'
            nodes.yaml:4:13: a domain named d-2 already exists
            nodes.yaml:6:63: 'footprint' must be between 1 MiB and the domain's maximum, 1 GiB
            nodes.yaml:7:63: 'claim_by' has no effect on a domain that is built at once: add 'rate'
            nodes.yaml:8:35: no released Xen has claims on nodes: add 'host: { claim_sets: true }' for the proposed one
            nodes.yaml:8:60: the host has 1 nodes
            nodes.yaml:8:67: 'nodes': expected a size such as 512MiB (units: k, m, g, t), found 'many'
            nodes.yaml:9:41: 'count' belongs to domains that exist from the start
            """.ReplaceLineEndings("\n")));
    }

    [Test]
    public void A_scenario_can_describe_what_the_four_actors_need()
    {
        var scenario = ScenarioFile.Parse("""
            host: { memory: 4GiB, xen_version: 4.12, tmem: false, sharing: false, sharing_rate: 50MiB/s, paging_disk: 2GiB }
            domains:
              - name: web
                memory: 1GiB
                hap: false
                pod: true
                passthrough: true
                other_pager: true
                sharing_group: blue
                guest: { contents: { zero: 100MiB, images: { debian: 200MiB, web: 50MiB } }, tmem: { ephemeral: 60MiB, persistent: 20MiB, rate: 5MiB/s } }
            events:
              - { at: 5s, domain: web, do: kill_pager }
            """, "four.yaml");
        var web = scenario.Domains[0];
        Assert.Multiple(() =>
        {
            Assert.That(scenario.Host, Is.EqualTo(new HostSpec
            {
                Memory = MiB(4096),
                XenVersion = new Version(4, 12),
                Tmem = false,
                Sharing = false,
                SharingRate = Rate.MiBPerSecond(50),
                PagingDisk = MiB(2048),
            }));
            Assert.That((web.Hap, web.PopulateOnDemand, web.Passthrough, web.OtherPager, web.SharingGroup), Is.EqualTo((false, true, true, true, "blue")));
            Assert.That(web.Guest.Contents.Zero, Is.EqualTo(MiB(100)));
            Assert.That(web.Guest.Contents.Images, Is.EqualTo(new[] { ("debian", MiB(200)), ("web", MiB(50)) }));
            Assert.That(web.Guest.Tmem, Is.EqualTo(new TmemSpec { Ephemeral = MiB(60), Persistent = MiB(20), Rate = Rate.MiBPerSecond(5) }));
            Assert.That(scenario.Events[0], Is.EqualTo(new LifeEvent(TimeSpan.FromSeconds(5), "web", LifeChange.KillPager)));
        });
    }

    [Test]
    public void The_scenario_in_the_documentation_is_valid()
    {
        var root = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Actors.sln")))
            root = root.Parent!;
        var page = File.ReadAllText(Path.Combine(root.FullName, "docs", "scenarios.md"));
        var scenario = ScenarioFile.Parse(page.Split("```yaml\n")[1].Split("```")[0], "docs/scenarios.md");
        Assert.That(scenario.Domains, Is.Not.Empty);
    }

    [Test]
    public void Domains_that_do_not_fit_are_found_before_the_run() =>
        Assert.That(() => ScenarioFile.Parse("""
            host: { memory: 2GiB }
            domains: [ { name: a, memory: 1GiB }, { name: b, memory: 1GiB } ]
            """, "full.yaml"), Throws.InstanceOf<ScenarioException>().With.Message.Contains("the host has 2 GiB, and its domains need 2.5 GiB"));

    [Test]
    public void Superpages_costs_and_claims_are_read()
    {
        var scenario = ScenarioFile.Parse("""
            host: { superpages: true, hap_2mb: false, costs: { disk_read: 5ms, page_walk: 155ns, inflate: 0.5us } }
            domains:
              - name: a
                memory: 1GiB
                guest: { vcpus: 4, huge_pages: true, contiguous_tables: true, balloon: { pages: compacting } }
                workload: { tlb_misses: 5 }
            events: [ { at: 1s, domain: a, claim: 2GiB } ]
            """, "superpages.yaml");
        var guest = scenario.Domains[0].Guest;
        Assert.That((scenario.Host.Superpages, scenario.Host.Hap2Mb), Is.EqualTo((true, false)));
        Assert.That((scenario.Host.Costs.DiskRead.Nanoseconds, scenario.Host.Costs.PageWalk.Nanoseconds, scenario.Host.Costs.Inflate.Nanoseconds), Is.EqualTo((5e6, 155.0, 500.0)));
        Assert.That((guest.Vcpus, guest.HugePages, guest.ContiguousTables, guest.Balloon.Pages), Is.EqualTo((4, true, true, BalloonPages.Compacting)));
        Assert.That(guest.Workload.Phases[0].TlbMisses, Is.EqualTo(5));
        Assert.That(scenario.Events.Single(), Is.EqualTo(new ClaimEvent(TimeSpan.FromSeconds(1), "a", MiB(2048))));
    }

    [TestCase("guest: { balloon: { pages: random } }", "'pages' has no effect: add 'host: { superpages: true }'")]
    [TestCase("guest: { huge_pages: true }", "'huge_pages' has no effect: add 'host: { superpages: true }'")]
    [TestCase("guest: { vcpus: 0 }", "'vcpus' must be at least 1")]
    [TestCase("workload: { tlb_misses: -1 }", "'tlb_misses' cannot be negative")]
    public void A_setting_of_a_guest_that_cannot_be_is_an_error(string setting, string error) =>
        Assert.That(() => ScenarioFile.Parse($"domains: [ {{ name: a, memory: 1GiB, {setting} }} ]", "a.yaml"),
            Throws.InstanceOf<ScenarioException>().With.Message.Contains(error));

    [Test]
    public void A_domain_with_superpages_has_a_limit() =>
        Assert.That(() => ScenarioFile.Parse("{ host: { memory: 9000GiB, superpages: true }, domains: [ { name: a, memory: 5000GiB } ] }", "a.yaml"),
            Throws.InstanceOf<ScenarioException>().With.Message.Contains("a domain has at most 4096 GiB"));

    [TestCase("155", "expected a time such as 155ns, 4us or 1.5ms")]
    [TestCase("1s", "expected a time such as 155ns, 4us or 1.5ms")]
    public void A_cost_has_a_unit(string cost, string error) =>
        Assert.That(() => ScenarioFile.Parse($"host: {{ costs: {{ page_walk: {cost} }} }}", "a.yaml"),
            Throws.InstanceOf<ScenarioException>().With.Message.Contains(error));

    [Test]
    public void Workloads_have_phases_and_shapes()
    {
        var scenario = ScenarioFile.Parse("""
            domains:
              - name: shop
                memory: 1GiB
                workload:
                  phases:
                    - { for: 10m, working_set: 100MiB }
                    - { for: 1h, working_set: { shape: sine, least: 100MiB, most: 500MiB, period: 10m }, allocation_rate: 20MiB/s }
                    - { file_cache: { shape: days, day: 300MiB, night: 50MiB }, cold_set: { shape: step, before: 0MiB, after: 50MiB, at: 5s } }
            """, "shop.yaml");
        var phases = scenario.Domains[0].Guest.Workload.Phases;
        Assert.That(phases.Select(phase => phase.Duration), Is.EqualTo(new TimeSpan?[] { TimeSpan.FromMinutes(10), TimeSpan.FromHours(1), null }));
        Assert.That(phases[1].WorkingSet.At(TimeSpan.FromMinutes(5)), Is.EqualTo(MiB(500)));
        Assert.That(phases[2].FileCache.At(TimeSpan.FromHours(12)), Is.EqualTo(MiB(300)));
        Assert.That(phases[2].ColdSet.ChangesIn(TimeSpan.Zero), Is.EqualTo(TimeSpan.FromSeconds(5)));
    }

    [Test]
    public void A_recording_is_read_from_the_folder_of_its_scenario()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            File.WriteAllLines(Path.Combine(folder.FullName, "load.csv"), ["seconds,KiB", "0,1024", "60, 2048"]);
            var file = Path.Combine(folder.FullName, "recorded.yaml");
            File.WriteAllText(file, "domains: [ { name: a, memory: 1GiB, workload: { working_set: { shape: csv, file: load.csv } } } ]");
            var shape = ScenarioFile.Load(file).Domains[0].Guest.Workload.Phases[0].WorkingSet;
            Assert.That(shape.At(TimeSpan.FromSeconds(59)), Is.EqualTo(MiB(1)));
            Assert.That(shape.At(TimeSpan.FromHours(1)), Is.EqualTo(MiB(2)));
            Assert.That(shape.ChangesIn(TimeSpan.FromSeconds(59)), Is.EqualTo(TimeSpan.FromSeconds(1)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Test]
    public void An_expectation_reports_what_differs()
    {
        var expected = new Expectation("stuck", OutcomeKind.Reached, "paging", TimeSpan.FromSeconds(60));
        var asked = TimeSpan.FromSeconds(5);
        string? Miss(Outcome outcome, int seconds) => expected.Miss(asked, (outcome, TimeSpan.FromSeconds(seconds)));
        var paging = Outcome.Reached(MiB(512), "") with { Actor = "paging" };
        Assert.Multiple(() =>
        {
            Assert.That(Miss(paging, 64), Is.Null);
            Assert.That(Miss(paging, 66), Does.EndWith("it took 61s"));
            Assert.That(Miss(paging with { Actor = "balloon" }, 6), Does.Contain("reached by balloon"));
            Assert.That(Miss(Outcome.Short(MiB(700), "no driver"), 6), Does.Contain("it was short").And.Contain("no driver"));
            Assert.That(expected.Miss(asked, null), Does.Contain("has not ended"));
        });
    }

    [Test]
    public void Hints_are_a_word_or_a_group_and_their_mistakes_are_reported_together()
    {
        static HintingSpec Of(string hinting) => ScenarioFile.Parse(
            $"domains: [ {{ name: a, memory: 1GiB, guest: {{ hinting: {hinting} }} }} ]", "hints.yaml").Domains[0].Guest.Hinting;
        Assert.That(Of("none"), Is.EqualTo(new HintingSpec()));
        Assert.That(Of("reporting"), Is.EqualTo(new HintingSpec { Reporting = new ReportingSpec() }));
        Assert.That(Of("{ reporting: { order: 0, delay: 100ms, capacity: 512 } }"),
            Is.EqualTo(new HintingSpec { Reporting = new ReportingSpec { Order = 0, Delay = TimeSpan.FromMilliseconds(100), Capacity = 512 } }));
        Assert.That(Of("{ cmma: { writeback: 5s, extent: 64KiB } }"),
            Is.EqualTo(new HintingSpec { Cmma = new CmmaSpec { Writeback = TimeSpan.FromSeconds(5), Extent = new Kib(64) } }));
        Assert.That(() => Of("{ cmma: {}, reporting: {} }"), Throws.TypeOf<ScenarioException>().With.Message.Contains("'hinting' needs one kind"));
        Assert.That(() => Of("{ reporting: { order: 11, delay: 0s, capacity: 0 }, report: 1 }"), Throws.TypeOf<ScenarioException>().With.Message.EqualTo("""
            hints.yaml:1:77: 'order' is the smallest block that is reported, from 0 (4 KiB) to 10 (4 MiB)
            hints.yaml:1:88: 'delay' must be longer than zero
            hints.yaml:1:102: 'capacity' is the number of blocks in a batch, at least 1
            hints.yaml:1:107: unknown key 'report'; known here: cmma, reporting
            """));
        Assert.That(() => Of("often"), Throws.TypeOf<ScenarioException>().With.Message.Contains("expected one of none, reporting"));
        Assert.That(() => Of("{}"), Throws.TypeOf<ScenarioException>().With.Message.Contains("'hinting' needs one kind"));
    }
}
