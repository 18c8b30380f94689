using System.Text.Json;
using Actors.Cli.CommandLine;
using Actors.Host.Tests.CommandLine;

namespace Actors.Host.Tests.ScenarioTests;

/// <summary>Commands read the console, so these tests do not run at the same time as others.</summary>
[NonParallelizable]
internal sealed class ScenarioTestCommandTests
{
    private const string World = """
        host: { memory: 4GiB }
        domains:
          - { name: web, memory: 1GiB, guest: { balloon: { rate: 200MiB/s } }, workload: { working_set: 300MiB } }
          - { name: stuck, memory: 1GiB, guest: { balloon: refuses } }
        events:
          - { at: 5s, domain: web, target: 700MiB }
          - { at: 20s, domain: web, target: 512MiB }
          - { at: 20s, domain: stuck, target: 512MiB }

        """;

    private WorkingFolder _folder = null!;

    [SetUp]
    public void Enter() => _folder = new WorkingFolder();

    [TearDown]
    public void Leave() => _folder.Dispose();

    [Test]
    public async Task Each_expectation_is_shown_with_its_verdict_and_the_reason()
    {
        File.WriteAllText("s.yaml", World + """
            expect:
              - { domain: web, outcome: reached, by: balloon, within: 10s }
              - { domain: stuck, outcome: reached, by: balloon }
              - { domain: web, outcome: reached, within: 500ms }
            """);
        var run = await TestAsync("s.yaml");

        Assert.That(run.ExitCode, Is.EqualTo(ExitCode.Failed), run.Screen);
        Assert.That(run.Output, Does.Match(@"pass  s\.yaml: web: expected reached by balloon within 10s\n      observed: reached by balloon after \d\.\d s: the balloon went from 700"));
        Assert.That(run.Output, Does.Match(@"FAIL  s\.yaml: stuck: expected reached by balloon\n      observed: reached by paging after \d+\.\d s: "));
        Assert.That(run.Output, Does.Match(@"FAIL  s\.yaml: web: expected reached within 500ms\n      observed: reached by balloon after"));
        Assert.That(run.Messages, Is.EqualTo("1 passed, 2 failed\n"));
    }

    [Test]
    public async Task What_happens_after_the_outcome_counts_although_no_target_follows()
    {
        File.WriteAllText("s.yaml", World + "  - { at: 120s, domain: stuck, do: kill_pager }\nexpect: [ { domain: stuck, outcome: failed }, { domain: web, outcome: reached } ]\n");
        var run = await TestAsync("s.yaml");

        Assert.That((run.ExitCode, run.Messages), Is.EqualTo((ExitCode.Ok, "2 passed, 0 failed\n")), run.Screen);
    }

    [Test]
    public async Task An_expectation_survives_a_reboot_of_its_domain()
    {
        File.WriteAllText("s.yaml", World + "  - { at: 60s, domain: web, do: reboot }\nexpect: [ { domain: web, outcome: reached, by: balloon } ]\n");

        Assert.That((await TestAsync("s.yaml")).ExitCode, Is.EqualTo(ExitCode.Ok));
    }

    [Test]
    public async Task Json_has_every_expectation()
    {
        File.WriteAllText("s.yaml", World + "expect: [ { domain: web, outcome: reached, within: 10s }, { domain: stuck, outcome: short } ]\n");
        using var report = JsonDocument.Parse((await TestAsync("s.yaml", "--json")).Output);
        var expectations = report.RootElement.EnumerateArray().Single().GetProperty("expectations").EnumerateArray().ToList();

        Assert.That(expectations.Select(row => (row.GetProperty("domain").GetString(), row.GetProperty("expected").GetString(), row.GetProperty("holds").GetBoolean())),
            Is.EqualTo(new[] { ("web", "reached within 10s", true), ("stuck", "short", false) }));
        Assert.That(expectations[0].GetProperty("seconds").GetDouble(), Is.InRange(0.5, 10));
    }

    [Test]
    public async Task The_policy_can_be_chosen()
    {
        File.WriteAllText("s.yaml", World + "expect: [ { domain: stuck, outcome: reached } ]\n");

        Assert.That((await TestAsync("s.yaml", "--default-policy", "balloon")).ExitCode, Is.EqualTo(ExitCode.Failed));
        Assert.That((await TestAsync("s.yaml", "--default-policy", "paging")).ExitCode, Is.EqualTo(ExitCode.Ok));
        Assert.That((await TestAsync("s.yaml", "--default-policy", "pagign")).Messages, Does.Contain("did you mean 'paging'?"));
    }

    [Test]
    public async Task All_mistakes_in_all_files_are_reported_and_nothing_is_played()
    {
        File.WriteAllText("good.yaml", World + "expect: [ { domain: web, outcome: reached } ]\n");
        File.WriteAllText("bad.yaml", World + "expect:\n  - { domain: wep, outcome: reached }\n  - { domain: web, outcome: rached }\n");
        File.WriteAllText("empty.yaml", World);
        File.WriteAllText("huge.yaml", "host: { memory: 3500000GiB }\ndomains: [ { name: web, memory: 3000000GiB } ]\nexpect: [ { domain: web, outcome: reached } ]\n");
        var run = await TestAsync("good.yaml", "bad.yaml", "empty.yaml", "huge.yaml");

        Assert.That((run.ExitCode, run.Output), Is.EqualTo((ExitCode.InvalidConfiguration, "")));
        Assert.That(run.Messages, Does.Match("""
            ^actors: bad\.yaml:10:15: 'domain': no such domain \(did you mean 'web'\?\), found 'wep'
            bad\.yaml:11:29: 'outcome': expected one of .*, found 'rached'
            empty\.yaml:1:1: 'expect' is missing: there is nothing to test .*
            huge\.yaml:1:1: to simulate this world takes about .*, and this machine has .*: use fewer or smaller domains
            $
            """));
    }

    [Test]
    public async Task A_scenario_that_is_stopped_is_no_success()
    {
        File.WriteAllText("s.yaml", World + "expect: [ { domain: web, outcome: reached } ]\n");
        using var stop = new CancellationTokenSource();
        stop.Cancel();

        var run = await CommandLineRun.OfAsync(Line("s.yaml"), stop.Token);
        Assert.That(run.ExitCode, Is.Not.EqualTo(ExitCode.Ok));
    }

    private static Task<CommandLineRun> TestAsync(params string[] line) => CommandLineRun.OfAsync(Line(line));

    private static IReadOnlyList<string> Line(params string[] line) =>
        ["scenario", "test", .. line, "--plugins", ProgramFolder.Plugins, "--policies", ProgramFolder.Policies];
}
