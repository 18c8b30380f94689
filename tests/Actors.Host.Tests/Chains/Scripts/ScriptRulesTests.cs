using Actors.Chains.Scripts.Compiling;

namespace Actors.Host.Tests.Chains.Scripts;

/// <summary>What a script may not say, and what it is told to say instead.</summary>
internal sealed class ScriptRulesTests
{
    [TestCase("List<int> list = null; var all = list?.Where(x => x > 0);", "LINQ behind '?.' cannot be watched")]
    [TestCase("record Node(int A, Node Next);", "a record that holds other objects may hold itself")]
    [TestCase("record Node { public object Other { get; set; } }", "a record that holds other objects may hold itself")]
    [TestCase("var text = $\"{5:D99999}\";", "a format this long or wide is not for policies")]
    [TestCase("var text = $\"{5,-99999}\";", "has at most 3 digits")]
    [TestCase("System.IO.File.ReadAllText(\"/etc/passwd\");", "a policy reads and writes no files")]
    [TestCase("using System.IO; var t = File.ReadAllText(\"x\");", "a policy reads and writes no files")]
    [TestCase("using static System.IO.File; var t = ReadAllText(\"x\");", "a policy reads and writes no files")]
    [TestCase("using F = System.IO.File; var t = F.ReadAllText(\"x\");", "a policy reads and writes no files")]
    [TestCase("await Task.Run(() => { });", "a policy starts no threads")]
    [TestCase("new System.Threading.Thread(() => { }).Start();", "a policy starts no threads")]
    [TestCase("var t = new System.Threading.Timer(_ => { });", "a policy starts no threads")]
    [TestCase("await Task.Delay(1000);", "use await Wait(30.Seconds())")]
    [TestCase("System.Threading.Thread.Sleep(1);", "a policy starts no threads")]
    [TestCase("Run(\"good\").Wait();", "it would block the host: use await")]
    [TestCase("var o = Run(\"good\").Result;", "it would block the host: use await")]
    [TestCase("var o = Run(\"good\").GetAwaiter().GetResult();", "it would block the host: use await")]
    [TestCase("var n = DateTime.Now;", "use Now, Time, Day or Between")]
    [TestCase("var n = DateTimeOffset.UtcNow;", "use Now, Time, Day or Between")]
    [TestCase("var g = Guid.NewGuid();", "use new Random(SEED)")]
    [TestCase("var g = new Random().Next();", "use new Random(SEED)")]
    [TestCase("Random r = new(); r.Next();", "use new Random(SEED)")]
    [TestCase("var t = typeof(int).Assembly;", "it reaches into the program itself")]
    [TestCase("var t = this.GetType();", "")]
    [TestCase("var t = \"\".GetType();", "it reaches into the program itself")]
    [TestCase("Action a = () => { }; var m = a.Method;", "it reaches into the program itself")]
    [TestCase("Environment.Exit(1);", "a policy does not look at the process")]
    [TestCase("Environment.FailFast(\"\");", "a policy does not look at the process")]
    [TestCase("Console.WriteLine(1);", "tell the operator with Log")]
    [TestCase("GC.Collect();", "it reaches into the program itself")]
    [TestCase("AppDomain.CurrentDomain.ToString();", "it reaches into the program itself")]
    [TestCase("var p = new System.Diagnostics.Process();", "a policy starts no programs")]
    [TestCase("System.Runtime.InteropServices.Marshal.AllocHGlobal(1);", "it reaches into the program itself")]
    [TestCase("[System.Runtime.InteropServices.DllImport(\"libc\")] static extern int getpid(); getpid();", "extern is not for policies")]
    [TestCase("unsafe { int* p = null; }", "unsafe code is not for policies")]
    [TestCase("Span<byte> s = stackalloc byte[10];", "stackalloc is not for policies")]
    [TestCase("lock (\"x\") { }", "lock is not for policies")]
    [TestCase("class A { ~A() { } }", "finalizers are not for policies")]
    [TestCase("class A { static int n; }", "a static field would outlive the run")]
    [TestCase("class A { public static List<int> All { get; } = new(); }", "a static property would outlive the run")]
    [TestCase("async void F() { } F();", "nobody waits for 'async void'")]
    [TestCase("Actors.Scripting.ScriptGuard.May();", "'ScriptGuard' is the host's")]
    [TestCase("Actors.Sdk.IActor a = null;", "that is for plugins")]
    [TestCase("Actors.Host.ActorHost a = null;", "does not exist")]
    [TestCase("#r \"/tmp/x.dll\"\n", "#r is not for policies")]
    [TestCase("#load \"x.csx\"\n", "#load is not for policies")]
    [TestCase("dynamic d = 1; d.X();", "dynamic is not for policies")]
    [TestCase("var name = \"good\"; await Run(name);", "the name of a step must be written out")]
    [TestCase("var x = System.Text.RegularExpressions.Regex.IsMatch(\"a\", \"a\");", "")]
    public void It_is_refused_with_what_to_do_instead(string text, string instead)
    {
        var problems = ScriptWorld.Problems(text);

        Assert.That(problems, Has.Some.Contains(instead));
        Assert.That(problems, Has.All.Match(@"^p\.csx:[0-9]+:[0-9]+: "));
    }

    [Test]
    public void All_mistakes_are_told_at_once_each_with_its_place() =>
        Assert.That(ScriptWorld.Problems("var a = 1\nawait Rum(\"good\");\n  GC.Collect();\nint b = \"x\";"), Is.EqualTo(new[]
        {
            "p.csx:1:10: ; expected (CS1002)",
            "p.csx:2:7: The name 'Rum' does not exist in the current context (CS0103)",
            "p.csx:3:3: 'System.GC' is not for policies: it reaches into the program itself",
            "p.csx:4:9: Cannot implicitly convert type 'string' to 'int' (CS0029)",
        }));

    [TestCase("await Run(\"good\") != null")]
    [TestCase("Run(\"good\") != null")]
    [TestCase("return true;")]
    [TestCase("true; true")]
    [TestCase("Footprint")]
    [TestCase("")]
    public void A_condition_only_looks(string text) => Assert.That(ScriptWorld.Problems(text, ScriptKind.Condition), Is.Not.Empty);

    [Test]
    public void A_step_may_be_chosen_among_names_that_are_written_out() =>
        Assert.That(ScriptWorld.Compile("""
            const string Last = "good";
            await Run(Growing ? "idle" : Host.Free < 1.GiB() ? ("half") : Last);
            await Release(Day switch { DayOfWeek.Monday => "idle", _ => "paging" });
            """).Steps, Is.EqualTo(new[] { "idle", "half", "good", "paging" }));
}
