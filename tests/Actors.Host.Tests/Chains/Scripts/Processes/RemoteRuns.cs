using Actors.Chains.Scripts.Compiling;
using Actors.Chains.Scripts.Processes;
using Actors.Chains.Scripts.Running;
using Actors.Scripting;
using Actors.Sdk;

namespace Actors.Host.Tests.Chains.Scripts.Processes;

/// <summary>What tests of the process of scripts run in it.</summary>
internal static class RemoteRuns
{
    public static readonly ScriptLimits Patient = ScriptLimits.Standard with { Slice = TimeSpan.FromMinutes(1), Total = TimeSpan.FromMinutes(1) };

    public static readonly ScriptFacts Facts = new()
    {
        Target = Kib.FromMiB(512),
        Tolerance = Kib.FromMiB(1),
        Host = new HostMemory(Kib.FromGiB(8), Kib.FromGiB(2), Kib.Zero) { Reserve = Kib.FromMiB(72) },
        Now = new DateTimeOffset(2026, 11, 27, 7, 30, 0, TimeSpan.FromHours(1)),
        Engaged = ["balloon"],
        Domain = new ScriptDomain
        {
            Name = "web-1",
            Domid = 7,
            Uuid = Guid.NewGuid(),
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

    public static readonly ScriptStep Good = new("good", Facts.Target, Outcome.Short(Facts.Target, ""), TimeSpan.Zero);

    public static async Task<ScriptTurn> BeginAsync(IScript script)
    {
        using var run = script.Begin(Patient);
        return await run.BeginAsync(Facts, default);
    }

    public static IScript Load(string text, ProcessRunner runner, ScriptKind kind = ScriptKind.Policy, string file = "p.csx")
    {
        var source = new ScriptSource(kind, file, text);
        var compiled = ScriptCompiler.Compile(source);
        return runner.Load(source, compiled.Image ?? throw new AssertionException(string.Join('\n', compiled.Problems)));
    }
}
