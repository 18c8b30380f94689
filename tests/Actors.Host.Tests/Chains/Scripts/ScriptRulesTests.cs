using Actors.Chains.Scripts.Compiling;

namespace Actors.Host.Tests.Chains.Scripts;

/// <summary>What a script may not use, and what to use instead.</summary>
internal sealed class ScriptRulesTests
{
    [TestCase("List<int> list = null; var all = list?.Where(x => x > 0);", "LINQ after '?.' cannot be monitored")]
    [TestCase("record Node(int A, Node Next);", "a record that holds other objects may hold itself")]
    [TestCase("record Node { public object Other { get; set; } }", "a record that holds other objects may hold itself")]
    [TestCase("var text = $\"{5:D99999}\";", "this format is too long or too wide")]
    [TestCase("var text = $\"{5,-99999}\";", "a literal number of at most 3 digits")]
    [TestCase("System.IO.File.ReadAllText(\"/etc/passwd\");", "a policy does not read or write files")]
    [TestCase("using System.IO; var t = File.ReadAllText(\"x\");", "a policy does not read or write files")]
    [TestCase("using static System.IO.File; var t = ReadAllText(\"x\");", "a policy does not read or write files")]
    [TestCase("using F = System.IO.File; var t = F.ReadAllText(\"x\");", "a policy does not read or write files")]
    [TestCase("await Task.Run(() => { });", "a policy does not start threads")]
    [TestCase("new System.Threading.Thread(() => { }).Start();", "a policy does not start threads")]
    [TestCase("var t = new System.Threading.Timer(_ => { });", "a policy does not start threads")]
    [TestCase("await Task.Delay(1000);", "use await Wait(30.Seconds())")]
    [TestCase("System.Threading.Thread.Sleep(1);", "a policy does not start threads")]
    [TestCase("Run(\"good\").Wait();", "it would block the host: use await")]
    [TestCase("var o = Run(\"good\").Result;", "it would block the host: use await")]
    [TestCase("var o = Run(\"good\").GetAwaiter().GetResult();", "it would block the host: use await")]
    [TestCase("var n = DateTime.Now;", "use Now, Time, Day or Between")]
    [TestCase("var n = DateTimeOffset.UtcNow;", "use Now, Time, Day or Between")]
    [TestCase("var g = Guid.NewGuid();", "use new Random(SEED)")]
    [TestCase("var g = new Random().Next();", "use new Random(SEED)")]
    [TestCase("Random r = new(); r.Next();", "use new Random(SEED)")]
    [TestCase("var t = typeof(int).Assembly;", "it gives access to the internals of the program")]
    [TestCase("var t = this.GetType();", "")]
    [TestCase("var t = \"\".GetType();", "it gives access to the internals of the program")]
    [TestCase("Action a = () => { }; var m = a.Method;", "it gives access to the internals of the program")]
    [TestCase("Environment.Exit(1);", "a policy does not read the process")]
    [TestCase("Environment.FailFast(\"\");", "a policy does not read the process")]
    [TestCase("Console.WriteLine(1);", "use Log")]
    [TestCase("GC.Collect();", "it gives access to the internals of the program")]
    [TestCase("AppDomain.CurrentDomain.ToString();", "it gives access to the internals of the program")]
    [TestCase("var s = new System.Net.Sockets.TcpClient();", "")]
    [TestCase("var p = new System.Diagnostics.Process();", "a policy does not start programs")]
    [TestCase("System.Runtime.InteropServices.Marshal.AllocHGlobal(1);", "it gives access to the internals of the program")]
    [TestCase("[System.Runtime.InteropServices.DllImport(\"libc\")] static extern int getpid(); getpid();", "policies cannot use extern")]
    [TestCase("unsafe { int* p = null; }", "policies cannot use unsafe code")]
    [TestCase("Span<byte> s = stackalloc byte[10];", "policies cannot use stackalloc")]
    [TestCase("lock (\"x\") { }", "policies cannot use lock")]
    [TestCase("class A { ~A() { } }", "policies cannot have finalizers")]
    [TestCase("class A { static int n; }", "a static field would outlive the run")]
    [TestCase("class A { public static List<int> All { get; } = new(); }", "a static property would outlive the run")]
    [TestCase("async void F() { } F();", "an 'async void' function cannot be awaited")]
    [TestCase("Actors.Scripting.ScriptGuard.May();", "only the host can use 'ScriptGuard'")]
    [TestCase("Actors.Sdk.IActor a = null;", "only plugins can use this")]
    [TestCase("Actors.Host.ActorHost a = null;", "does not exist")]
    [TestCase("#r \"/tmp/x.dll\"\n", "policies cannot use #r")]
    [TestCase("#load \"x.csx\"\n", "policies cannot use #load")]
    [TestCase("dynamic d = 1; d.X();", "policies cannot use dynamic")]
    [TestCase("var name = \"good\"; await Run(name);", "the name of a step must be a literal")]
    [TestCase("class C { public int X; public C(int x) : this(new C(x + 1)) { } C(C c) { X = c.X; } } var c = new C(1);", "cannot create an object of the script, because they cannot be monitored")]
    [TestCase("class B { public B(object o) { } } class C(int x) : B(new C(x + 1)); var c = new C(1);", "cannot create an object of the script")]
    [TestCase("class C<T> where T : new() { public C() : this(new T()) { } C(T t) { } }", "cannot create an object of the script")]
    [TestCase("class C { public C() : this((C)new()) { } C(C c) { } }", "cannot create an object of the script")]
    [TestCase("var t = new Task(() => { }); await t;", "nothing would start it, so it would never end")]
    [TestCase("Task<int> t = new(() => 1); await t;", "nothing would start it, so it would never end")]
    [TestCase("Func<IEnumerable<int>, int> f = Enumerable.Count; f([1]);", "'Count' cannot be monitored as a delegate; use a lambda")]
    [TestCase("var all = new[] { new[] { 1 } }.Select(Enumerable.Sum);", "'Sum' cannot be monitored as a delegate")]
    [TestCase("Func<int, int, IEnumerable<int>> f = Enumerable.Range;", "'Range' cannot be monitored as a delegate")]
    [TestCase("Func<int, string> f = \"\".PadLeft;", "'PadLeft' cannot be monitored as a delegate")]
    [TestCase("Func<string, int> f = \"a\".IndexOf;", "'IndexOf' cannot be monitored as a delegate")]
    [TestCase("Action a = () => { }; a += a;", "policies cannot combine delegates")]
    [TestCase("Action a = () => { }; a = a + a;", "policies cannot combine delegates")]
    [TestCase("class C { public event Action E; }", "policies cannot have events")]
    [TestCase("Action a = async () => await Wait(1.Seconds());", "an 'async void' function cannot be awaited")]
    [TestCase("class E : Exception { public override string Message => throw new E(); }", "an exception of a policy cannot override anything")]
    [TestCase("class D : ArgumentException { } class E : D { public override string ToString() => \"\"; }", "an exception of a policy cannot override anything")]
    [TestCase("var a = new long[40000, 40000];", "use an array of arrays")]
    [TestCase("struct A { public decimal B, C, D, E, F, G, H, I; } struct B { public A C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R, S; } B b = default;", "does not fit on the stack")]
    [TestCase("(long, long, long, long, long, long, long, long, long, long)[] a = null; var (b, c) = ((a[0], a[0], a[0], a[0]), ((a[0], a[0], a[0], a[0]), (a[0], a[0], a[0], a[0]), (a[0], a[0], a[0], a[0]), (a[0], a[0], a[0], a[0])));", "does not fit on the stack")]
    [TestCase("var x = System.Text.RegularExpressions.Regex.IsMatch(\"a\", \"a\");", "")]
    public void It_is_rejected_with_what_to_use_instead(string text, string instead)
    {
        var problems = ScriptWorld.Problems(text);

        Assert.That(problems, Has.Some.Contains(instead));
        Assert.That(problems, Has.All.Match(@"^p\.csx:[0-9]+:[0-9]+: "));
    }

    [TestCase("class E : Exception { public E() : base(\"mine\") { } } try { throw new E(); } catch (E e) { return Unable(e.Message); }")]
    [TestCase("class C { public C(int x) : this(x.ToString()) { } public C(string s) { } } var c = new C(1);")]
    [TestCase("var n = new[] { 1, 2 }.Select(x => x + 1).Where(x => x > 1).Count(); Func<int, string> f = Convert.ToString; f(1);")]
    [TestCase("var a = new long[10][]; var b = new int[,] { { 1, 2 }, { 3, 4 } };")]
    [TestCase("var t = (1, \"x\", 2.5); var (a, b, c) = t; var list = new List<(int, string)>(100); list.Add((1, \"\"));")]
    [TestCase("Func<Task> f = async () => await Wait(1.Seconds()); await f();")]
    [TestCase("var parts = Domain.Name.Split(\"-\"); var s = Domain.Name.Replace(\"a\", \"b\") + Domain.Name.IndexOf(\"x\");")]
    public void What_looks_like_it_but_is_harmless_is_allowed(string text) => Assert.That(ScriptWorld.Compile(text), Is.Not.Null);

    [Test]
    public void All_mistakes_are_reported_at_once_each_with_its_place() =>
        Assert.That(ScriptWorld.Problems("var a = 1\nawait Rum(\"good\");\n  GC.Collect();\nint b = \"x\";"), Is.EqualTo(new[]
        {
            "p.csx:1:10: ; expected (CS1002)",
            "p.csx:2:7: The name 'Rum' does not exist in the current context (CS0103)",
            "p.csx:3:3: 'System.GC' is not available to policies: it gives access to the internals of the program",
            "p.csx:4:9: Cannot implicitly convert type 'string' to 'int' (CS0029)",
        }));

    [TestCase("await Run(\"good\") != null")]
    [TestCase("Run(\"good\") != null")]
    [TestCase("return true;")]
    [TestCase("true; true")]
    [TestCase("Footprint")]
    [TestCase("")]
    public void A_condition_cannot_act(string text) => Assert.That(ScriptWorld.Problems(text, ScriptKind.Condition), Is.Not.Empty);

    [Test]
    public void A_step_can_be_chosen_among_literal_names() =>
        Assert.That(ScriptWorld.Compile("""
            const string Last = "good";
            await Run(Growing ? "idle" : Host.Free < 1.GiB() ? ("half") : Last);
            await Release(Day switch { DayOfWeek.Monday => "idle", _ => "paging" });
            """).Steps, Is.EqualTo(new[] { "idle", "half", "good", "paging" }));
}
