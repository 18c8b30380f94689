using System.Diagnostics;
using Actors.Chains.Scripts.Compiling;
using Actors.Chains.Scripts.Processes;
using Actors.Chains.Scripts.Running;
using Actors.Scripting;
using Actors.Sdk;

namespace Actors.Bench;

/// <summary>The turns of a script, in this process and in a process of scripts: from the result of one step, with new facts, to the next <c>Run</c>.</summary>
internal static class ScriptTurns
{
    private const int Warm = 5_000, Turns = 10_000;

    private static readonly ScriptLimits Patient = new(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1), long.MaxValue, int.MaxValue);

    private static readonly ScriptFacts Facts = new()
    {
        Target = Kib.FromMiB(512),
        Tolerance = Kib.FromMiB(1),
        Host = new HostMemory(Kib.FromGiB(8), Kib.FromGiB(2), Kib.Zero) { Reserve = Kib.FromMiB(72) },
        Now = DateTimeOffset.UnixEpoch,
        Engaged = ["balloon"],
        Domain = new ScriptDomain
        {
            Name = "web-1",
            Domid = 7,
            Uuid = Guid.Empty,
            Kind = DomainKind.Pvh,
            Footprint = Kib.FromGiB(1),
            MaxMem = Kib.FromGiB(1),
            PagedOut = Kib.Zero,
            Shared = Kib.Zero,
            StaticMax = Kib.FromGiB(1),
            Floor = Kib.FromMiB(200),
            Guest = new GuestFigures { Committed = Kib.FromMiB(100) },
        },
    };

    /// <summary>The median of a turn, in microseconds.</summary>
    /// <param name="remote">Whether the script runs in a process of scripts.</param>
    public static async Task<double> MedianAsync(bool remote)
    {
        using IScriptRunner runner = remote
            ? new ProcessRunner(new ScriptProcessOptions(Path.Combine(AppContext.BaseDirectory, "Actors.Bench"), User: null, Console.Error.WriteLine))
            : new LocalRunner();
        var source = new ScriptSource(ScriptKind.Policy, "p.csx", "while (true) await Run(\"done\");");
        using var run = runner.Load(source, ScriptCompiler.Compile(source).Image!).Begin(Patient);
        await run.BeginAsync(Facts, default);
        var step = new ScriptCallResult { Facts = Facts, Step = new ScriptStep("done", Facts.Target, Outcome.Short(Facts.Target, "no further"), TimeSpan.FromSeconds(1)) };
        for (var turn = 0; turn < Warm; turn++)
            await run.ContinueAsync(step, default);
        var took = new double[Turns];
        for (var turn = 0; turn < took.Length; turn++)
        {
            var began = Stopwatch.GetTimestamp();
            await run.ContinueAsync(step, default);
            took[turn] = Stopwatch.GetElapsedTime(began).TotalMicroseconds;
        }
        Array.Sort(took);
        return took[took.Length / 2];
    }
}
