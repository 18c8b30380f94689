using System.Collections.Concurrent;
using System.Diagnostics;
using Actors.Host.Logging;
using Actors.Loading.Compatibility;
using Actors.Loading.Containment;
using Actors.Loading.Files;
using Actors.Loading.Processes;
using Actors.Sdk.Testing;

namespace Actors.Host.Conformance;

/// <summary>
/// Checks a built plugin against the rules while it runs in processes of its own, one for each rule. The simulated host then runs at a fixed
/// pace, because it cannot know when another process has nothing to do.
/// </summary>
/// <param name="folder">The plugin's folder.</param>
/// <param name="program">The program that is started for it.</param>
/// <param name="rules">The rules; <see langword="null"/> for all.</param>
internal sealed class ProcessTrial(string folder, string program, IReadOnlyList<ActorRule>? rules = null)
{
    // Fast enough for the rules that wait for minutes, and slow enough that starting a process does not count.
    private const int Speed = 2;
    private static readonly int AtOnce = Math.Min(4, Environment.ProcessorCount);
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(6);
    private static readonly TimeSpan EndAtMost = TimeSpan.FromSeconds(5);

    private readonly PluginHealth _health = new(folder, TimeProvider.System);
    private readonly ConcurrentBag<ProcessPlugin> _started = [];

    /// <summary>Checks all rules for all actors of the plugin, and for the plugin itself.</summary>
    /// <exception cref="PluginException">The plugin cannot be loaded.</exception>
    public IEnumerable<PluginFinding> Run()
    {
        var candidate = Candidate.Read(folder).Fitting();
        foreach (var name in candidate.Manifest!.Actors)
        {
            var results = (rules ?? ActorRules.All).AsParallel().AsOrdered().WithDegreeOfParallelism(AtOnce).WithMergeOptions(ParallelMergeOptions.NotBuffered)
                .Select(rule => PluginFinding.Of(name, Try(candidate, name, rule)));
            foreach (var finding in results)
                yield return finding;
        }
        yield return Gone();
        yield return PluginFinding.Unobserved(_health);
    }

    private RuleResult Try(Candidate candidate, string name, ActorRule rule)
    {
        var plugins = new ConcurrentBag<ProcessPlugin>();
        try
        {
            return new ActorTrial(() => Start(candidate, plugins).Actors[name], () => new SimulatedRuleHost { Speed = Speed }, TimeLimit) { Name = name }.Try(rule);
        }
        finally
        {
            foreach (var plugin in plugins)
                plugin.Unload();
        }
    }

    // The thread of the simulated host waits, so that its time begins when the plugin is ready.
    private ProcessPlugin Start(Candidate candidate, ConcurrentBag<ProcessPlugin> plugins) =>
        Task.Run(() => StartAsync(candidate, plugins)).GetAwaiter().GetResult();

    private async Task<ProcessPlugin> StartAsync(Candidate candidate, ConcurrentBag<ProcessPlugin> plugins)
    {
        var options = new PluginProcessOptions(program, PluginGrants.None) { Speed = Speed };
        var plugin = ProcessPlugin.Load(candidate.Image!, candidate.Manifest!, options, settings: null, _health, Log.Silent, TimeProvider.System);
        plugins.Add(plugin);
        _started.Add(plugin);
        await plugin.Ready;
        return plugin;
    }

    private PluginFinding Gone()
    {
        var proofs = _started.Select(plugin => plugin.Unload()).ToList();
        var begun = Stopwatch.GetTimestamp();
        while (!proofs.TrueForAll(proof => proof.IsGone) && Stopwatch.GetElapsedTime(begun) < EndAtMost)
            Thread.Yield();
        var left = proofs.Count(proof => !proof.IsGone);
        foreach (var proof in proofs)
            proof.CleanUp();
        return UnloadCheck.Finding(left == 0 ? RuleVerdict.Pass : RuleVerdict.Fail, left == 0 ? "" : $"{left} of its processes still run");
    }
}
