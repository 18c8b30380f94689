using System.Runtime.CompilerServices;
using Actors.Chains.Files;
using Actors.Chains.Scripts;
using Actors.Dispatch.Domains;
using Actors.Dispatch.DryRuns;
using Actors.Dispatch.Registry;
using Actors.Host.Tests.Chains.Scripts;
using Actors.Sdk;

namespace Actors.Host.Tests.Chains.Files;

/// <summary>What happens to policies when their files change.</summary>
internal sealed class PolicyFolderTests
{
    private const string Good = "await Run(\"good\");";

    [Test]
    public void A_broken_file_does_not_stop_the_others() => Test((files, _) =>
    {
        files.Write(("a.yaml", "steps: ["), ("b.csx", "await Rum(\"good\");"), ("c.csx", Good), ("d.yaml", "steps: [{actor: good}]"));

        Assert.Multiple(() =>
        {
            Assert.That(files.Directory.Policies, Is.EqualTo(new[] { "c", "d" }));
            Assert.That(files["b"].Problems, Has.One.Contains("b.csx:1:7: The name 'Rum' does not exist"));
            Assert.That(files["c"], Has.Property("Kind").EqualTo("script").And.Property("Problems").Empty.And.Property("Steps").EqualTo(new[] { "good" }));
        });
        return Task.CompletedTask;
    });

    [Test]
    public void The_last_good_version_keeps_serving_while_its_file_is_broken() => Test(async (files, domain) =>
    {
        files.Write(("p.csx", "return Unable(\"one\");"));
        var first = files["p"].Serving;
        files.Write(("p.csx", "return Unable(\"two"));

        Assert.That((await files.ReachAsync(domain, "p")).Reason, Is.EqualTo("one"));
        Assert.That(files["p"], Has.Property("Behind").True.And.Property("Serving").EqualTo(first).And.Property("FileVersion").Not.EqualTo(first));
        Assert.That(files.Logged, Has.One.Contains($"policy 'p': its last good version, {first}, keeps serving"));

        files.Write(("p.csx", "return Unable(\"two\");"));
        Assert.That((await files.ReachAsync(domain, "p")).Reason, Is.EqualTo("two"));
        Assert.That(files["p"].Behind, Is.False);
    });

    [Test]
    public void A_script_that_waits_for_the_compiler_delays_no_other_and_its_domains_get_a_reason() => TestWorld.Run(world =>
    {
        using var files = new PolicyFiles(world, postpones: true);
        File.WriteAllText(files.File("a.csx"), Good);
        File.WriteAllText(files.File("b.yaml"), "steps: [{actor: a}, {actor: good, when: Shrinking}]");
        File.WriteAllText(files.File("c.yaml"), "steps: [{actor: a}]");
        files.Folder.Scan();

        Assert.Multiple(() =>
        {
            Assert.That(files.Directory.Policies, Is.EqualTo(new[] { "c" }));
            Assert.That(files.Directory.Choose(new ActorKey(IsXl: true, "a", "")),
                Is.EqualTo(new ActorChoice.Missing("the policy 'a' is being compiled; the target will be acted on when it is ready", Soon: true)));
            Assert.That(files.Logged, Is.Empty);
        });

        files.Compile();
        Assert.Multiple(() =>
        {
            Assert.That(files.Directory.Policies, Is.EqualTo(new[] { "a", "b", "c" }));
            Assert.That(files.Directory.CompilingPolicies, Is.Empty);
            Assert.That(files.Logged, Is.Empty);
        });
        return Task.CompletedTask;
    });

    [Test]
    public void A_run_ends_on_the_version_that_it_began_with_and_a_late_caller_gets_the_new_one() => Test(async (files, domain) =>
    {
        files.Write(("p.csx", "await Wait(10.Seconds()); return Unable(\"one\");"));
        var old = files.Directory.FindPolicy("p")!;
        var running = files.ReachAsync(domain, "p");
        files.Write(("p.csx", "return Unable(\"two\");"));

        Assert.That((await running).Reason, Is.EqualTo("one"));
        Assert.That((await old.Policy.ReachAsync(domain, new TargetRequest { Target = Kib.FromMiB(512) }, default)).Reason, Is.EqualTo("two"));
    });

    [Test]
    public void Two_policies_flipped_a_thousand_times_under_load_lose_no_target_and_leave_nothing_in_memory() => TestWorld.Run(async world =>
    {
        using var scripts = new ScratchFolder();
        using var files = new PolicyFiles(world, new ScriptCache(scripts.Path, Assert.Fail));
        string[] texts = ["await Wait(1.Seconds()); return Unable(\"one\");", "await Wait(1.Seconds().Divide(3)); return Unable(\"two\");"];
        void Flip(int round) => files.Write(("p.csx", texts[round % 2]), ("q.csx", texts[(round + 1) % 2]));
        Flip(0);
        var (flipping, programs, reasons) = (true, new List<WeakReference>(), new List<string>());
        async Task LoadAsync(RunContext domain, string policy)
        {
            while (flipping)
                reasons.Add((await files.ReachAsync(domain, policy)).Reason);
        }
        var load = new List<Task>();
        foreach (var policy in new[] { "p", "q", "p", "q" })
            load.Add(LoadAsync(ScriptWorld.Domain(world, await world.CreateAsync($"web-{load.Count}")), policy));
        for (var round = 1; round <= 1000; round++)
        {
            Remember(files, programs);
            Flip(round);
            await Task.Delay(TimeSpan.FromMilliseconds(70), world.Time);
        }
        flipping = false;
        await Task.WhenAll(load);

        Assert.That(reasons, Has.Count.GreaterThan(200).And.All.AnyOf("one", "two"));
        Assert.That(programs, Has.Count.EqualTo(1000));
        for (var tries = 0; tries < 10 && programs.Any(program => program.IsAlive); tries++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Delay(TimeSpan.FromSeconds(1), world.Time);
        }
        Assert.That(programs.Count(program => program.IsAlive), Is.LessThanOrEqualTo(1));
    });

    [Test]
    public void A_policy_can_be_a_step_like_an_actor() => Test(async (files, domain) =>
    {
        files.Write(("inner.yaml", "steps: [{actor: half, timeout: 5s}, {actor: good}]"), ("outer.csx", "await Run(\"inner\");"), ("chain.yaml", "steps: [{actor: outer}]"));

        var outcome = await files.ReachAsync(domain, "chain");

        Assert.That((outcome.Kind, outcome.Actor, outcome.Step, outcome.Reason), Is.EqualTo((OutcomeKind.Reached, "outer", 1, "done")));
        Assert.That(domain.Engaged.Actors, Is.EqualTo(new[] { "half", "good" }), "actors hold things, policies do not");
        await files.Directory.FindPolicy("chain")!.Policy.ReleaseAsync(domain, default);
        Assert.That(domain.Engaged.Actors, Is.Empty);
    });

    [Test]
    public void A_cycle_is_rejected_with_its_path_until_it_is_broken() => Test((files, _) =>
    {
        files.Write(("a.yaml", "steps: [{actor: b}]"), ("b.csx", "await Run(\"c\");"), ("c.yaml", "steps: [{actor: good}, {actor: a}]"));
        Assert.That(files["c"].Problems, Has.One.EndsWith("c.yaml:1:1: this policy would run itself forever: c → a → b → c"));

        files.Write(("b.csx", Good));
        Assert.That(files.Directory.Policies, Is.EqualTo(new[] { "a", "b", "c" }));
        return Task.CompletedTask;
    });

    [Test]
    public void A_step_with_the_name_of_its_own_policy_is_the_actor() => Test(async (files, domain) =>
    {
        files.Write(("good.yaml", "steps: [{actor: good}]"));
        Assert.That((await files.ReachAsync(domain, "good")).Kind, Is.EqualTo(OutcomeKind.Reached));
    });

    [Test]
    public void Three_faults_in_a_row_quarantine_a_script_until_its_file_changes() => Test(async (files, domain) =>
    {
        files.Write(("p.csx", "// broken\nthrow new FormatException(\"no\");"));
        var kinds = new List<OutcomeKind>();
        for (var run = 0; run < 4; run++)
            kinds.Add((await files.ReachAsync(domain, "p")).Kind);

        Assert.That(kinds, Is.EqualTo(new[] { OutcomeKind.Failed, OutcomeKind.Failed, OutcomeKind.Quarantined, OutcomeKind.Quarantined }));
        Assert.That(files["p"].Quarantined, Is.EqualTo("p.csx:2: FormatException: no (3 faults in a row); the policy is out of service until p.csx changes"));

        files.Write(("p.csx", Good));
        Assert.That((await files.ReachAsync(domain, "p")).Kind, Is.EqualTo(OutcomeKind.Reached));
        Assert.That(files["p"].Quarantined, Is.Null);
    });

    [Test]
    public void A_dry_run_shows_which_step_is_out_of_service() => Test(async (files, domain) =>
    {
        files.Write(("spin.csx", "while (true) { }"), ("chain.yaml", "steps: [{actor: spin}, {actor: good}]"));
        await files.ReachAsync(domain, "spin");

        var plan = await ActorPreview.OfAsync(files.Directory.FindPolicy("chain")!, domain, new TargetRequest { Target = Kib.FromMiB(512) }, default);

        Assert.That(plan.Steps.Select(step => (step.Actor, step.Verdict)), Is.EqualTo(new[] { ("spin", "unable"), ("good", "tries") }));
        Assert.That(plan.Steps[0].Reason, Does.Contain("out of service until spin.csx changes"));
    });

    [Test]
    public void A_file_that_others_can_write_is_rejected_with_the_command_that_fixes_it() => Test((files, _) =>
    {
        files.Write(("p.csx", Good), ("q.csx", Good));
        File.SetUnixFileMode(files.File("p.csx"), (UnixFileMode)Convert.ToInt32("666", 8));
        File.WriteAllText(files.File("p.csx"), "return Unable(\"anybody's\");");
        files.Folder.Scan();

        Assert.That(files["p"].Problems, Has.One.Contains($"can be written by others: chmod go-w '{files.File("p.csx")}'"));
        Assert.That(files["p"].Serving, Is.Not.Null, "the last good version keeps serving");
        return Task.CompletedTask;
    });

    [Test]
    public void A_removed_policy_no_longer_serves_and_a_second_one_of_the_same_name_is_rejected() => Test((files, _) =>
    {
        files.Write(("p.csx", Good), ("p.yaml", "steps: [{actor: good}]"));
        Assert.That(files.Folder.Problems, Has.One.EndsWith("p.yaml:1:1: the policy 'p' is already defined in p.csx; remove one of the two files"));

        File.Delete(files.File("p.csx"));
        files.Folder.Scan();
        files.Folder.Scan();
        Assert.That(files["p"], Has.Property("Kind").EqualTo("yaml").And.Property("Problems").Empty);
        return Task.CompletedTask;
    });

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Remember(PolicyFiles files, List<WeakReference> programs) =>
        programs.AddRange(((PolicyVersion)files.Directory.FindPolicy("p")!.Policy).LoadedPrograms);

    private static void Test(Func<PolicyFiles, RunContext, Task> test) => TestWorld.Run(async world =>
    {
        using var files = new PolicyFiles(world);
        await test(files, ScriptWorld.Domain(world, await world.CreateAsync("web-1")));
    });
}
