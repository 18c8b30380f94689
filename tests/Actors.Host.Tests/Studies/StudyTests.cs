using System.Text.Json;
using Actors.Cli.CommandLine;
using Actors.Host.Daemon;
using Actors.Host.Studies;
using Actors.Host.Tests.CommandLine;
using Actors.Sim.Studies;
using Actors.Sim.Studies.Yaml;

namespace Actors.Host.Tests.Studies;

/// <summary>Commands read the console, so these tests do not run at the same time as others.</summary>
[NonParallelizable]
internal sealed class StudyTests
{
    // The daemon, plugins and a pager run in it, and two random balloon drivers.
    private const string Small = """
        title: Balloon and pager
        for: 90s
        seeds: 3
        world:
          host: { memory: 4GiB, superpages: true }
          domains:
            - { name: web, memory: 1GiB, guest: { balloon: { rate: 30MiB/s } }, workload: { working_set: 300MiB } }
            - { name: stuck, memory: 1GiB, guest: { balloon: refuses }, workload: { working_set: 700MiB } }
          events:
            - { at: 5s, domain: web, target: 600MiB }
            - { at: 5s, domain: stuck, target: 512MiB }
        variants:
          - { name: balloon, policy: balloon }
          - { name: paging, policy: paging }
        show: [slow_down, slow_down_p95, footprint, superpages, paged_in]
        expect:
          - { variant: paging, domain: stuck, measure: footprint, most: 530 }
          - { variant: paging, domain: stuck, measure: slow_down, least: 2, relative_to: balloon }

        """;

    private WorkingFolder _folder = null!;

    [SetUp]
    public void Enter() => _folder = new WorkingFolder();

    [TearDown]
    public void Leave() => _folder.Dispose();

    [TestCase("--json")]
    [TestCase("--csv")]
    [TestCase("--no-header")]
    public async Task The_output_is_the_same_byte_for_byte_with_one_job_and_with_many(string format)
    {
        File.WriteAllText("small.yaml", Small);
        var one = await StudyAsync("small.yaml", format, "--jobs", "1");
        var many = await StudyAsync("small.yaml", format, "--jobs", "5");

        Assert.That((one.ExitCode, one.Messages), Is.EqualTo((ExitCode.Ok, "")));
        Assert.That(many.Output, Is.EqualTo(one.Output).And.Not.Empty);
    }

    [Test]
    public async Task Json_has_every_value_with_its_unit()
    {
        File.WriteAllText("small.yaml", Small);
        using var report = JsonDocument.Parse((await StudyAsync("small.yaml", "--json")).Output);
        var measure = report.RootElement.GetProperty("measures").EnumerateArray()
            .Single(row => (row.GetProperty("variant").GetString(), row.GetProperty("domain").GetString(), row.GetProperty("measure").GetString()) == ("paging", "stuck", "footprint"));

        Assert.That((measure.GetProperty("unit").GetString(), measure.GetProperty("median").GetDouble() is > 500 and < 530), Is.EqualTo(("MiB", true)));
        Assert.That(measure.GetProperty("values").EnumerateArray().Select(value => value.GetProperty("seed").GetInt32()), Is.EqualTo(new[] { 1, 2, 3 }));
        Assert.That((report.RootElement.GetProperty("runs").GetInt32(), report.RootElement.GetProperty("runs_finished").GetInt32()), Is.EqualTo((6, 6)));
    }

    [Test]
    public async Task Csv_has_a_line_for_every_value_of_every_run()
    {
        File.WriteAllText("small.yaml", Small);
        var lines = (await StudyAsync("small.yaml", "--csv")).Output.TrimEnd().Split('\n');

        // Two variants, three seeds; five measures of each of the two domains, and one of the host.
        Assert.That(lines, Has.Length.EqualTo(1 + (2 * 3 * ((5 * 2) + 1))));
        Assert.That(lines[0].TrimEnd(), Is.EqualTo("variant,seed,domain,measure,unit,value"));
        Assert.That(lines, Has.Some.StartsWith("paging,2,stuck,footprint,MiB,51"));
    }

    [Test]
    public async Task An_expectation_that_does_not_hold_makes_the_command_fail()
    {
        File.WriteAllText("small.yaml", Small.Replace("most: 530", "most: 100", StringComparison.Ordinal));
        var run = await StudyAsync("small.yaml");

        Assert.That(run.ExitCode, Is.EqualTo(ExitCode.Failed));
        Assert.That(run.Messages, Does.Contain("1 of 2 expectations do not hold"));
        Assert.That(run.Output, Does.Match(@"NO\t51[\d.]+ to 51[\d.]+; wrong with seed 1, 2, 3\tpaging, stuck: footprint is at most 100 MiB"));
    }

    [Test]
    public async Task Nothing_runs_when_the_study_has_mistakes()
    {
        File.WriteAllText("small.yaml", Small.Replace("domain: stuck, measure: footprint", "domain: stcuk, measure: footprint", StringComparison.Ordinal)
            .Replace("policy: balloon }", "policy: ballon }", StringComparison.Ordinal));
        var run = await StudyAsync("small.yaml");

        Assert.That((run.ExitCode, run.Output), Is.EqualTo((ExitCode.InvalidConfiguration, "")));
        Assert.That(run.Messages.TrimEnd().ReplaceLineEndings("\n").Split('\n'), Is.EqualTo(new[]
        {
            "actors: small.yaml:13:30: 'policy': no such policy (did you mean 'balloon'?), found 'ballon'",
            "small.yaml:17:32: 'domain': no such domain (did you mean 'stuck'?), found 'stcuk'",
        }));
    }

    [TestCase("nowhere.yaml", ExitCode.Failed)]
    [TestCase("small.yaml --json --csv", ExitCode.Usage)]
    [TestCase("small.yaml --jobs 0", ExitCode.Usage)]
    public async Task A_wrong_command_line_is_refused(string line, int exitCode)
    {
        File.WriteAllText("small.yaml", Small);

        Assert.That((await StudyAsync(line.Split(' '))).ExitCode, Is.EqualTo(exitCode));
    }

    [Test]
    public async Task A_study_that_is_stopped_shows_the_runs_that_have_finished()
    {
        using var stop = new CancellationTokenSource();
        var study = StudyFile.Parse(Small, "small.yaml", ["balloon", "paging"]);
        var options = new HostOptions { PluginFolder = ProgramFolder.Plugins, PolicyFolder = ProgramFolder.Policies };
        var results = StudyBatch.Play(study, options, 1, overTime: false, done =>
        {
            if (done == 2)
                stop.Cancel();
        }, stop.Token);
        await Task.CompletedTask;

        Assert.That(results.Select(result => (result.Case.Variant.Name, result.Case.Seed)), Is.EqualTo(new[] { ("balloon", 1), ("balloon", 2) }));
        Assert.That(StudySummary.Rows(study, results), Is.Not.Empty);
        Assert.That(StudySummary.Verdicts(study, results).Select(verdict => verdict.Detail), Is.All.EqualTo("no run has measured it"));
    }

    private static Task<CommandLineRun> StudyAsync(params string[] line) =>
        CommandLineRun.OfAsync(["study", .. line, "--plugins", ProgramFolder.Plugins, "--policies", ProgramFolder.Policies]);
}
