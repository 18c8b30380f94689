using Actors.Chains.Policies;
using Actors.Chains.Scripts;
using Actors.Chains.Scripts.Compiling;
using Actors.Scripting;
using Actors.Sdk;

namespace Actors.Host.Tests.Chains.Scripts;

/// <summary>What a script can do, and which outcome it has.</summary>
internal sealed class ScriptLanguageTests
{
    [Test]
    public void A_script_branches_on_the_outcome_of_a_step() =>
        Assert.That(Reach("""
            var first = await Run("half", timeout: 30.Seconds());
            if (first.IsShort && Shrinking)
                await Run("good");
            """), Has.Property("Kind").EqualTo(OutcomeKind.Reached).And.Property("Actor").EqualTo("good").And.Property("Step").EqualTo(2));

    [Test]
    public void A_script_that_returns_nothing_has_the_outcome_of_its_last_step() =>
        Assert.That(Reach("""await Run("half")"""), Has.Property("Kind").EqualTo(OutcomeKind.Short).And.Property("Reason").EqualTo("no further"));

    [Test]
    public void A_step_can_have_a_target_of_its_own()
    {
        var outcome = Reach("""await Run("good", target: 700.MiB());""");

        Assert.Multiple(() =>
        {
            Assert.That((outcome.Kind, outcome.Actor), Is.EqualTo((OutcomeKind.Short, "good")), "the run's target is lower");
            Assert.That((outcome.Footprint - Kib.FromMiB(700)).Abs(), Is.LessThan(Kib.FromMiB(1)));
            Assert.That(outcome.Reason, Does.EndWith("the footprint is 700 MiB, 188 MiB above the target"));
        });
    }

    [Test]
    public void No_step_goes_below_the_floor_whatever_the_script_requests() =>
        Assert.That(Reach("""await Run("good", target: 1.MiB());"""), Has.Property("Footprint").EqualTo(Kib.FromMiB(200))
            .And.Property("Reason").Contains("the script requested 1 MiB; clipped to the floor, 200 MiB"));

    [TestCase("""return Reached("trust me");""", OutcomeKind.Short, "trust me; the footprint is 1 GiB, 512 MiB above the target")]
    [TestCase("""return Outcome.Reached(Target, "trust me");""", OutcomeKind.Short, "trust me; the footprint is 1 GiB, 512 MiB above the target")]
    [TestCase("""return Outcome.Superseded(Target, "not me");""", OutcomeKind.Failed, "p.csx returned 'Superseded', which only the host may report: not me")]
    [TestCase("""return Unable("not on a Saturday");""", OutcomeKind.Unable, "not on a Saturday")]
    [TestCase("var x = 1;", OutcomeKind.Unable, "p.csx ran no step and returned no outcome")]
    public void What_a_script_claims_is_checked_against_the_hypervisor(string text, OutcomeKind kind, string reason)
    {
        var outcome = Reach(text);

        Assert.That((outcome.Kind, outcome.Reason, outcome.Footprint), Is.EqualTo((kind, reason, Kib.FromGiB(1))));
    }

    [Test]
    public void A_script_sees_the_domain_the_host_the_clock_and_its_steps() =>
        Assert.That(Reach("""
            await Run("half");
            await Wait(2.Minutes());
            return Short($"{Domain.Name} {Domain.Kind} {Footprint} of {Domain.StaticMax}, target {Target}, floor {Domain.Floor}, "
                + $"host {Host.Total}, {Now:yyyy-MM-dd HH:mm}, {Day}, night {Between("22:00", "6:00")}, "
                + $"{Steps.Single().Name} took {Steps[0].Elapsed.TotalSeconds} s, engaged {string.Join('+', Engaged)}, guest {Domain.Guest.Free is null}");
            """).Reason, Is.EqualTo(
                "web-1 Pvh 768 MiB of 1 GiB, target 512 MiB, floor 200 MiB, host 64 GiB, 2026-01-01 00:02, Thursday, night True, half took 1 s, engaged half, guest True"));

    [Test]
    public void Loops_functions_classes_and_queries_work() =>
        Assert.That(Reach("""
            int Twice(int n) => n * 2;
            static int Sum(IEnumerable<int> numbers) { var sum = 0; foreach (var n in numbers) sum += n; return sum; }
            async Task<Outcome> Try(string why) { try { throw new FormatException(why); } catch (FormatException e) when (e.Message.Length > 0) { return Short(e.Message); } finally { Twice(1); } }
            record Pair(int A, int B) { public int Both => A + B; int _c = 7; public int C { get => _c; set => _c = value; } }
            class Counter { int _n = 1; public Counter() => _n = 2; public int this[int i] => _n + i; public static Counter operator +(Counter a, int n) { a._n += n; return a; } }
            var total = Sum(Enumerable.Range(1, 4).Where(n => n % 2 == 0).Select(Twice).Concat([100]));
            var query = from a in new[] { 1, 2, 3 } from b in new List<int> { 10, 20 } where a > 1 orderby b descending, a let c = a * b group c by b into g select g.Key + g.Sum();
            var words = new Dictionary<string, int> { ["x"] = 1 };
            for (var i = 0; i < 3; i++) total++;
            do total++; while (total < 120);
            goto end;
            end:
            switch (total) { case 120: total += 5; break; default: break; }
            Action<int> add = n => total += n;
            add(1);
            var counter = new Counter() + 3;
            var pair = new Pair(1, 2) { C = 9 };
            return await Try($"{total} {string.Join(',', query)} {pair.Both} {pair.C} {counter[1]} {words["x"]} {new int[3].Length} {new string('x', 2)}");
            """).Reason, Is.EqualTo("126 120,60 3 9 6 1 3 xx"));

    [Test]
    public void An_exception_is_reported_with_the_line_in_the_script() =>
        Assert.That(Reach("""
            // a comment
            int Deep(int n)
            {
                while (n > 3) n--;
                if (n == 3) throw new InvalidOperationException("no such luck");
                return n;
            }
            await Run("half");

            Deep(7);
            """), Has.Property("Kind").EqualTo(OutcomeKind.Failed).And.Property("Reason").EqualTo("p.csx:5: InvalidOperationException: no such luck"));

    [Test]
    public void A_step_that_the_script_does_not_await_is_awaited_by_the_host() =>
        Assert.That(Reach("""_ = Run("good");"""), Has.Property("Kind").EqualTo(OutcomeKind.Reached));

    [Test]
    public void Two_steps_at_the_same_time_are_an_error() =>
        Assert.That(Reach("""_ = Run("good"); _ = Run("half");"""), Has.Property("Reason").Contains("await the previous one first"));

    [Test]
    public void What_a_script_logs_or_throws_cannot_forge_a_line_of_the_log_or_control_a_terminal() => TestWorld.Run(async world =>
    {
        const string Forged = "\\u001b[2J\\n2026-01-01 00:00:00 info  target of web-1 reached (forged)";
        var script = ScriptWorld.Compile($"Log(\"{Forged}\"); throw new Exception(\"{Forged}\");");
        var policy = new ScriptPolicy("p", "p.csx", script, ScriptWorld.Directory(world), new PolicyHealth("p.csx"), ScriptLimits.Standard);

        var outcome = await policy.ReachAsync(ScriptWorld.Domain(world, await world.CreateAsync("web-1")), new TargetRequest { Target = Kib.FromMiB(512) }, default);

        Assert.That(world.Logged.Append(outcome.Reason), Has.Exactly(3).Contains(@"\x1b[2J\n2026").And.None.Contains("\u001b").And.None.Contains("\n"));
    });

    [TestCase("Shrinking && Host.Free > 2.GiB()", true)]
    [TestCase("Footprint.Times(0.5) > Target", false)]
    [TestCase("Domain.Guest.Committed < 100.MiB()", false)]
    [TestCase("Domain.Name.StartsWith(\"web-\") && Steps.Count == 0", true)]
    public void A_condition_is_an_expression_with_the_same_names_as_a_script(string text, bool expected)
    {
        var program = ScriptWorld.Compile(text, ScriptKind.Condition);
        TestWorld.Run(async world =>
        {
            var domid = await world.CreateAsync("web-1");
            var facts = await new FactsReader(ScriptWorld.Domain(world, domid), new TargetRequest { Target = Kib.FromMiB(512) }, program.Reads).ReadAsync(default);
            Assert.That(await new Condition(text, program).IsTrueAsync(facts, [], default), Is.EqualTo(expected));
        });
    }

    // A busy machine must not end a script that is not about limits.
    private static Outcome Reach(string text) =>
        ScriptWorld.Reach(text, ScriptLimits.Standard with { Slice = TimeSpan.FromMinutes(1), Total = TimeSpan.FromMinutes(1) });
}
