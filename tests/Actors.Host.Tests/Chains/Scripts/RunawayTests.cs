using System.Diagnostics;
using Actors.Chains.Policies;
using Actors.Scripting;
using Actors.Sdk;

namespace Actors.Host.Tests.Chains.Scripts;

/// <summary>A script that never ends is stopped, and the host keeps running.</summary>
internal sealed class RunawayTests
{
    [TestCase("while (true) { }")]
    [TestCase("while (true) ;")]
    [TestCase("for (;;) ;")]
    [TestCase("do { } while (true);")]
    [TestCase("again: goto again;")]
    [TestCase("switch (1) { case 1: goto case 2; case 2: goto case 1; }")]
    [TestCase("foreach (var x in Forever()) { } IEnumerable<int> Forever() { while (true) yield return 1; }")]
    [TestCase("IEnumerable<int> Forever() { while (true) yield return 1; } var n = Forever().Count();")]
    [TestCase("while (true) { try { while (true) { } } catch { } }")]
    [TestCase("while (true) { try { while (true) { } } catch (Exception) { } finally { while (true) { } } }")]
    [TestCase("try { while (true) { } } catch (Exception e) when (Ok(e)) { while (true) { } } bool Ok(Exception e) { while (true) { } }")]
    [TestCase("while (true) try { while (true) { } } catch { continue; }")]
    [TestCase("await Run(\"idle\"); while (true) { }")]
    [TestCase("while (true) Log(\"garbage\");")]
    [TestCase("while (true) await Run(\"idle\");")]
    [TestCase("while (true) { try { await Run(\"idle\"); } catch { } }")]
    [TestCase("var n = (from a in Enumerable.Range(0, 1000000) from b in Enumerable.Range(0, 1000000) select a + b).Count();")]
    [TestCase("var n = Enumerable.Range(0, 1000000).SelectMany(x => Enumerable.Range(0, 1000000)).Count();")]
    [TestCase("IEnumerable<int> e = [1, 2]; for (var i = 0; i < 50; i++) e = e.Concat(e); var n = e.Sum();")]
    [TestCase("var n = Enumerable.Range(0, 3).First(x => Slow(x)); bool Slow(int x) { while (true) { } }")]
    [TestCase("class A { public A() { while (true) { } } } new A();")]
    [TestCase("class A { public static int X => X; public static bool operator !(A a) { while (true) { } } } var b = !new A();")]
    [TestCase("class A { static A() { while (true) { } } public static int X() => 1; } A.X();")]
    [TestCase("class D : IDisposable { public void Dispose() { while (true) { } } } using (new D()) { }")]
    [TestCase("Action a = () => { }; for (var i = 0; i < 40; i++) { var b = a; a = () => { b(); b(); }; } a();")]
    [TestCase("new List<int>(Forever()); IEnumerable<int> Forever() { while (true) yield return 1; }")]
    [TestCase("static async Task Spin() { while (true) await Task.CompletedTask; } await Spin();")]
    public void A_spin_is_stopped_at_its_deadline(string text) => IsStopped(text, "stopped: it (computed for|called the host|allocated more than 64 MiB)");

    [TestCase("int F(int n) => F(n + 1) + 1; F(0);")]
    [TestCase("int F(int n) { return G(n) + 1; } int G(int n) { try { return F(n) + 1; } catch { return G(n); } } F(0);")]
    [TestCase("Func<int, int> f = null; f = n => f(n + 1) + 1; f(0);")]
    [TestCase("Func<int, int> f = null; f = delegate (int n) { return f(n) + 1; }; f(0);")]
    [TestCase("class A { A _a = new A(); } new A();")]
    [TestCase("class A { public A Next { get; } = new A(); } new A();")]
    [TestCase("class A { public int X => Y; public int Y => X; } var x = new A().X;")]
    [TestCase("class A { public override string ToString() => $\"{this}\"; } var s = new A().ToString();")]
    [TestCase("async Task F() { await F(); } await F();")]
    [TestCase("IEnumerable<int> e = [1]; for (var i = 0; i < 200_000; i++) e = e.Distinct(); var n = e.Count();")]
    [TestCase("IEnumerable<int> e = [1]; for (var i = 0; i < 200_000; i++) e = e.Where(x => x > 0); var n = e.Count();")]
    public void An_endless_recursion_is_stopped_before_the_stack_is_full(string text) => IsStopped(text, "stopped: it (calls itself without end|computed for|allocated)");

    [TestCase("var all = new List<byte[]>(); while (true) all.Add(new byte[100_000]);")]
    [TestCase("while (true) _ = new byte[1000];")]
    [TestCase("var s = \"x\"; while (true) s += s;")]
    [TestCase("var b = new System.Text.StringBuilder(); b.Length = 100_000_000; Log(b.Length.ToString());")]
    [TestCase("var all = new List<long>(); all.Capacity = 25_000_000; Log(all.Count.ToString());")]
    [TestCase("var all = new List<int> { 1 }; while (true) all.AddRange(all);")]
    public void An_endless_allocation_is_stopped(string text) => IsStopped(text, "stopped: it (allocated more than 64 MiB|computed for)");

    [TestCase("new byte[2_000_000_000];")]
    [TestCase("new string('x', 1_000_000_000);")]
    [TestCase("Enumerable.Repeat(1, 2_000_000_000).ToArray();")]
    [TestCase("new List<long>(1_000_000_000);")]
    [TestCase("\"\".PadLeft(1_000_000_000);")]
    public void A_huge_object_is_rejected_before_it_is_created(string text)
    {
        var before = GC.GetTotalAllocatedBytes();
        Assert.That(ScriptWorld.Reach($"var giant = {text}").Reason, Does.Contain("p.csx:1: ArgumentOutOfRangeException: a script may create at most 1000000"));
        Assert.That(GC.GetTotalAllocatedBytes() - before, Is.LessThan(200_000_000));
    }

    [TestCase("new (decimal, decimal)[900_000];")]
    [TestCase("new List<(decimal, decimal)>(900_000);")]
    [TestCase("new (Kib, Kib, Kib)[900_000];")]
    public void Many_large_items_are_rejected_before_they_are_created(string text) =>
        Assert.That(ScriptWorld.Reach($"var giant = {text}").Reason, Does.Contain("ArgumentOutOfRangeException: a script may create at most 16 MiB at once, and an item has"));

    [Test]
    public void A_text_that_doubles_in_each_statement_is_stopped() =>
        IsStopped($"var s = new string('x', 1000); {string.Concat(Enumerable.Repeat("s += s; ", 40))}", "allocated more than 64 MiB");

    [Test]
    public void A_list_that_doubles_in_each_statement_is_stopped() =>
        IsStopped($"var all = new List<long> {{ 1 }}; {string.Concat(Enumerable.Repeat("all.AddRange(all); ", 40))}", "allocated more than 64 MiB");

    [Test]
    public void A_search_for_a_long_text_is_rejected_because_it_can_take_minutes() =>
        Assert.That(ScriptWorld.Reach("var n = new string('a', 1_000_000).IndexOf(new string('a', 500_000) + 'b');").Reason, Does.Contain("a script may search for at most 256 characters"));

    [TestCase("5.ToString(\"D999999999\");")]
    [TestCase("string.Format(\"{0,999999999}\", 5);")]
    [TestCase("new System.Text.StringBuilder().AppendFormat(\"{0:D999999999}\", 5);")]
    public void A_huge_text_is_rejected_before_it_is_created(string text) =>
        Assert.That(ScriptWorld.Reach($"var giant = {text}").Reason, Does.Contain("FormatException: in a script, a number in a format may have at most 3 digits"));

    [Test]
    public void A_runaway_script_is_stopped_within_50_ms_of_its_limit()
    {
        TestWorld.Run(async world =>
        {
            var program = ScriptWorld.Compile("while (true) { try { while (true) { } } catch { } }");
            var domain = ScriptWorld.Domain(world, await world.CreateAsync("web-1"));
            var (most, late) = (TimeSpan.FromMilliseconds(50), TimeSpan.MaxValue);
            // The best round counts: the machine may be busy, and the first round includes the JIT compiler.
            for (var round = 0; round < 50 && late > most; round++)
            {
                var actor = new ScriptPolicy("p", "p.csx", program, ScriptWorld.Directory(world), new PolicyHealth("p.csx"), ScriptLimits.Standard);
                var began = Stopwatch.GetTimestamp();
                await actor.ReachAsync(domain, new TargetRequest { Target = Kib.FromMiB(512) }, default);
                var took = Stopwatch.GetElapsedTime(began) - ScriptLimits.Standard.Slice;
                late = took < late ? took : late;
            }
            Assert.That(late, Is.LessThanOrEqualTo(most));
        });
    }

    private static void IsStopped(string text, string reason)
    {
        var began = Stopwatch.GetTimestamp();
        var outcome = ScriptWorld.Reach(text);
        Assert.Multiple(() =>
        {
            Assert.That(outcome.Kind, Is.EqualTo(OutcomeKind.Quarantined));
            Assert.That(outcome.Reason, Does.Match(reason).And.Contains("out of service until p.csx changes"));
            Assert.That(Stopwatch.GetElapsedTime(began), Is.LessThan(TimeSpan.FromSeconds(10)));
        });
    }
}
