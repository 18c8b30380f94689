using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Actors.Chains.Scripts;
using Actors.Chains.Scripts.Compiling;
using Actors.Chains.Scripts.Running;
using Actors.Scripting;
using Actors.Yaml;

namespace Actors.Bench;

/// <summary>Measures policies alone, without a store, with an actor that returns immediately. There is no other side; each limit has the unit of its figure.</summary>
internal static class PolicyRows
{
    private const int Runs = 1_000_000;
    private const string Yaml = "steps: [{actor: done, timeout: 30s}]";
    private const string When = "steps: [{actor: done, timeout: 30s, when: 'Shrinking && Footprint > 1.MiB()'}]";
    private const string Script = "if (Shrinking) await Run(\"done\", timeout: 30.Seconds());";

    /// <summary>Runs the rows with a text in their name, prints a Markdown table, and returns whether all limits were met.</summary>
    public static async Task<bool> RunAsync(string wanted, TextWriter data)
    {
        (string Work, double Most, string Unit, Func<Task<double>> Measure)[] rows =
        [
            ("policy, a step from YAML", 5, "µs", async () => (await StepsAsync("p.yaml", Yaml)).Microseconds),
            ("policy, a step from YAML with a condition", 20, "µs", async () => (await StepsAsync("p.yaml", When)).Microseconds),
            ("policy, a step from a script", 20, "µs", async () => (await StepsAsync("p.csx", Script)).Microseconds),
            ("policy, a turn of a script in this process, p50", 20, "µs", () => ScriptTurns.MedianAsync(remote: false)),
            ("policy, a turn of a script across the boundary, p50", 60, "µs", () => ScriptTurns.MedianAsync(remote: true)),
            ("policy, growth over 1,000,000 runs of a script", 5, "% of working set", async () => (await StepsAsync("p.csx", Script)).Growth),
            ("policy, 200 changed scripts: working set after the 50th", 10, "% growth", () => Task.FromResult(Change().Growth)),
            ("policy, 200 changed scripts: contexts alive", 1, "of 200, the serving one", () => Task.FromResult((double)Change().Alive)),
            ("policy, a runaway script after its deadline", 50, "ms", RunawayAsync),
            ("policy, the first script of a process", 1000, "ms", () => ProbeAsync(cached: false)),
            ("policy, the first script from the cache", 50, "ms", () => ProbeAsync(cached: true)),
        ];
        var chosen = rows.Where(row => row.Work.Contains(wanted, StringComparison.Ordinal)).ToList();
        if (chosen.Count == 0)
            return true;
        await data.WriteLineAsync("| work | measured | must | |\n|---|---:|---:|---|");
        var allMet = true;
        foreach (var (work, most, unit, measure) in chosen)
        {
            var figure = await measure();
            allMet &= figure <= most;
            await data.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"| {work}, {unit} | {figure:0.##} | ≤ {most} | {(figure <= most ? "" : "**short**")} |"));
        }
        return allMet;
    }

    /// <summary>Measures in a new process how long a script takes to be ready, and whether that loaded the compiler.</summary>
    public static int Probe(string cacheFolder)
    {
        var engine = new ScriptEngine(new ScriptStore(new ScriptCache(cacheFolder, Console.Error.WriteLine)), new ScriptCompiler(), new LocalRunner());
        var problems = new YamlProblems("p.csx");
        var began = Stopwatch.GetTimestamp();
        var program = engine.Load(new ScriptSource(ScriptKind.Policy, "p.csx", Script), problems);
        var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        var compiler = AppDomain.CurrentDomain.GetAssemblies().Any(assembly => assembly.GetName().Name!.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{took} {(compiler ? "compiled" : "cached")}"));
        return program is null ? 1 : 0;
    }

    private static async Task<(double Microseconds, double Growth)> StepsAsync(string file, string text)
    {
        using var bench = new PolicyBench();
        bench.Write(file, text);
        await bench.RunAsync(Runs / 10);
        var before = WorkingSet();
        var began = Stopwatch.GetTimestamp();
        await bench.RunAsync(Runs);
        var took = Stopwatch.GetElapsedTime(began).TotalMicroseconds / Runs;
        return (took, Percent(before, WorkingSet()));
    }

    private static (double Growth, int Alive) Change()
    {
        using var bench = new PolicyBench();
        var (lives, fiftieth) = (new List<WeakReference>(), 0L);
        for (var change = 0; change < 200; change++)
        {
            bench.Write("p.csx", $"// {change}\n{Script}");
            lives.AddRange(bench.Lives());
            if (change == 50)
                fiftieth = WorkingSet();
        }
        var last = WorkingSet();
        return (Percent(fiftieth, last), lives.Count(life => life.IsAlive));
    }

    private static async Task<double> RunawayAsync()
    {
        using var bench = new PolicyBench();
        var worst = 0.0;
        for (var round = 0; round < 5; round++)
        {
            bench.Write("p.csx", $"// {round}\nwhile (true) {{ try {{ while (true) {{ }} }} catch {{ }} }}");
            var began = Stopwatch.GetTimestamp();
            await bench.RunAsync(1);
            worst = Math.Max(worst, (Stopwatch.GetElapsedTime(began) - ScriptLimits.Standard.Slice).TotalMilliseconds);
        }
        return worst;
    }

    // The published build, compiled ahead of time as it is shipped.
    private static async Task<double> ProbeAsync(bool cached)
    {
        var folder = Directory.CreateTempSubdirectory("probe-").FullName;
        try
        {
            var program = await PublishedBench.PathAsync();
            if (cached)
                await PublishedBench.ProbeAsync(program, folder);
            var (took, how) = await PublishedBench.ProbeAsync(program, folder);
            if (cached != (how == "cached"))
                throw new InvalidOperationException($"the probe says '{how}'");
            return took;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double Percent(long before, long after) => Math.Max(0, 100.0 * (after - before) / before);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long WorkingSet()
    {
        for (var round = 0; round < 4; round++)
        {
            GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
        return Environment.WorkingSet;
    }
}
