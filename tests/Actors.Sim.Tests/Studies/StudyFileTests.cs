using Actors.Sim.Specs;
using Actors.Sim.Studies;
using Actors.Sim.Studies.Yaml;

namespace Actors.Sim.Tests.Studies;

internal sealed class StudyFileTests
{
    private const string World = """
        world:
          host: { memory: 8GiB, seed: 7 }
          domains:
            - { name: web, memory: 1GiB, guest: { balloon: { rate: 10MiB/s } } }
            - { name: db, memory: 2GiB }
          events:
            - { at: 5s, domain: web, write: { memory/target: 524288 } }

        """;

    [Test]
    public void A_study_has_variants_seeds_measures_and_expectations()
    {
        var study = Parse("""
            title: Slow and fast balloons
            source: nobody
            for: 10m
            seeds: 3
            variants:
              - { name: slow }
              - { name: fast, policy: balloon, set: { domains.web.guest.balloon.rate: 1GiB/s, domains.*.guest.vcpus: 2, events.0.at: 9s } }
            show: [slow_down, footprint_mean]
            expect:
              - { variant: fast, domain: web, measure: balloon_time, most: 0.5, relative_to: slow }
              - { variant: slow, measure: used_most, least: 1, most: 2, in: median }
            """ + "\n" + World);
        var (slow, fast) = (study.Variants[0], study.Variants[1]);

        Assert.Multiple(() =>
        {
            Assert.That((study.Title, study.Source, study.Length, study.Seeds), Is.EqualTo(("Slow and fast balloons", "nobody", TimeSpan.FromMinutes(10), 3)));
            Assert.That(study.Shown, Is.EqualTo(new[] { Measure.SlowDown, Measure.FootprintMean }));
            Assert.That((slow.Policy, fast.Policy), Is.EqualTo((default(string), "balloon")));
            Assert.That(slow.World.Domains[0].Guest.Balloon.Rate, Is.EqualTo(Rate.MiBPerSecond(10)));
            Assert.That(fast.World.Domains[0].Guest.Balloon.Rate, Is.EqualTo(Rate.MiBPerSecond(1024)));
            Assert.That(fast.World.Domains.Select(domain => domain.Guest.Vcpus), Is.EqualTo(new[] { 2, 2 }));
            Assert.That(fast.World.Events[0].At, Is.EqualTo(TimeSpan.FromSeconds(9)));
            Assert.That(study.Cases.Select(run => (run.Variant.Name, run.World.Host.Seed.Value)),
                Is.EqualTo(new[] { ("slow", 7), ("slow", 8), ("slow", 9), ("fast", 7), ("fast", 8), ("fast", 9) }));
            Assert.That($"{study.Expectations[0]}", Is.EqualTo("fast, web: balloon_time is at most 0.5 times slow's"));
            Assert.That($"{study.Expectations[1]}", Is.EqualTo("slow: median used_most is from 1 to 2 MiB"));
        });
    }

    [TestCase("variants: []", "1:1: 'variants' is missing: a study needs at least one variant")]
    [TestCase("seeds: 0", "'seeds' is the number of runs of each variant, from 1 to 10000")]
    [TestCase("for: 0s", "'for' must be longer than zero")]
    [TestCase("show: [slowness]", "there is no measure 'slowness': use one of slow_down, ")]
    [TestCase("show: [superpages]", "'superpages' needs 'host: { superpages: true }'")]
    [TestCase("expect: [ { variant: a, measure: slow_down } ]", "nothing is expected here: give 'least', 'most' or both")]
    [TestCase("expect: [ { variant: b, measure: slow_down, most: 1 } ]", "'variant': no such variant")]
    [TestCase("expect: [ { variant: a, domain: wep, measure: slow_down, most: 1 } ]", "'domain': no such domain (did you mean 'web'?)")]
    [TestCase("expect: [ { variant: a, measure: footprint, most: 1 } ]", "'domain' is missing: the host has no footprint")]
    [TestCase("expect: [ { variant: a, domain: web, measure: used_most, most: 1 } ]", "a domain has no used_most: leave 'domain' out")]
    [TestCase("expect: [ { variant: a, measure: slow_down, least: 2, most: 1 } ]", "'least' is above 'most'")]
    [TestCase("variants: [ { name: a }, { name: a } ]", "a variant named a already exists")]
    [TestCase("variants: [ { name: a, policy: baloon } ]", "no such policy (did you mean 'balloon'?)")]
    [TestCase("variants: [ { name: a, set: { domains.wep.guest.vcpus: 2 } } ]", "'domains.wep.guest.vcpus': there is no 'wep' in the world")]
    [TestCase("variants: [ { name: a, set: { domains.web.guest.vcpu: 2 } } ]", "unknown key 'vcpu'; did you mean 'vcpus'?")]
    [TestCase("variants: [ { name: a, set: { domains.web.memory.most: 2 } } ]", "there is no 'most' in '1GiB'")]
    [TestCase("variants: [ { name: a, set: { domains.web.memory: 16GiB } } ]", "the host has 8 GiB, and its domains need")]
    [TestCase("domains: []", "'domains' belongs in 'world'")]
    [TestCase("scenario: other.yaml", "give either 'world' or 'scenario', not both")]
    public void A_mistake_is_reported_with_its_place(string line, string error)
    {
        var key = line[..line.IndexOf(':', StringComparison.Ordinal)];
        string[] others = ["title: t", "for: 1m", "variants: [ { name: a } ]"];
        var text = string.Join('\n', others.Where(other => !other.StartsWith($"{key}:", StringComparison.Ordinal)).Append(line)) + "\n" + World;

        Assert.That(() => Parse(text), Throws.InstanceOf<StudyException>().With.Message.Contains(error).And.Message.Matches(@"^s\.yaml:\d+:\d+: "));
    }

    [Test]
    public void All_mistakes_are_reported_together()
    {
        var error = Assert.Throws<StudyException>(() => Parse("""
            for: soon
            variants:
              - { name: a, set: { domains.nobody.memory: 1GiB } }
            expect:
              - { variant: a, domain: nobody, measure: slow_down, most: 1 }
            world:
              domains: [ { name: web, memory: 1GiB, knid: pv } ]
            """))!;

        Assert.That(error.Problems.Select(problem => problem.Line), Is.EqualTo(new[] { 1, 1, 5, 7 }));
    }

    [Test]
    public void A_study_without_a_world_and_a_world_without_domains_are_errors()
    {
        Assert.That(() => Parse("title: t\nfor: 1m\nvariants: [ { name: a } ]\n"), Throws.InstanceOf<StudyException>().With.Message.Contains("'world' is missing"));
        Assert.That(() => Parse("title: t\nfor: 1m\nvariants: [ { name: a } ]\nworld: { host: { seed: 1 } }\n"), Throws.InstanceOf<StudyException>().With.Message.Contains("the world has no domain"));
    }

    [Test]
    public void A_world_that_is_larger_than_this_machine_can_simulate_is_an_error() => Assert.That(() => Parse("""
        title: t
        for: 1m
        variants: [ { name: a } ]
        world:
          host: { memory: 3500000GiB }
          domains: [ { name: web, memory: 3000000GiB } ]
        """), Throws.InstanceOf<StudyException>().With.Message.Contains("and this machine has"));

    [Test]
    public void The_world_may_be_a_scenario_of_its_own()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "world.yaml"), """
                domains: [ { name: web, memory: 1GiB } ]
                events: [ { at: 5s, domain: web, target: 512MiB } ]
                expect: [ { domain: web, outcome: reached } ]
                """);
            var file = Path.Combine(folder.FullName, "study.yaml");
            File.WriteAllText(file, "title: t\nfor: 1m\nscenario: world.yaml\nvariants:\n  - { name: a, set: { domains.web.memory: 2GiB } }\n");
            var study = StudyFile.Load(file, []);
            File.WriteAllText(Path.Combine(folder.FullName, "world.yaml"), "domains: [ { name: web } ]");
            var broken = Assert.Throws<StudyException>(() => StudyFile.Load(file, []))!;

            Assert.That(study.Variants[0].World.Domains[0].Memory, Is.EqualTo(Specs.MiB(2048)));
            Assert.That(broken.Message, Does.Contain("world.yaml:1:12: 'memory' is missing"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Study Parse(string text) => StudyFile.Parse(text, "s.yaml", ["balloon", "paging"]);
}
