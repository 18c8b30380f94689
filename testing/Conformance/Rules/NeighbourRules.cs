
namespace Actors.Sdk.Testing;

/// <summary>How an actor lives with the host, the toolstack, and its other domains.</summary>
internal static class NeighbourRules
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    // Of the toolstack and of the host; an actor that writes them answers its own question.
    private static readonly string[] NotItsOwn = [DomainKeys.StaticMax, DomainKeys.VideoRam];

    public static IReadOnlyList<ActorRule> All { get; } =
    [
        new("It writes nothing that is the toolstack's or another actor's",
            "who writes memory-policy/target supersedes himself; notes belong below memory-policy/NAME", async scene =>
            {
                var domain = await scene.DomainAsync();
                (await scene.ReachAsync(domain, RuleScene.Half)).MustBeTrue();
                await scene.ReleaseAsync(domain);
                var notes = $"memory-policy/{scene.Name}";
                foreach (var key in domain.WatchedStore.Touched)
                    if (NotItsOwn.Contains(key) || (key.StartsWith("memory-policy", StringComparison.Ordinal) && key != notes && !key.StartsWith(notes + "/", StringComparison.Ordinal)))
                        throw new RuleBrokenException($"it wrote '{key}', which is not its own");
            }),
        new("It waits for nothing but its domain and domain.Time, and stays on its caller's thread",
            "on simulated time anything else makes runs differ; on a host it keeps threads busy. No Task.Run, no ConfigureAwait(false)", async scene =>
            {
                var domain = await scene.DomainAsync();
                var run = scene.Begin(domain, RuleScene.Half);
                for (var idle = 0; !run.IsCompleted && idle < 2; idle = domain is { Waiting: 0, WatchedTime.Armed: 0 } ? idle + 1 : 0)
                    await scene.WaitAsync(Look);
                if (!run.IsCompleted && domain is { Waiting: 0, WatchedTime.Armed: 0 })
                    throw new RuleBrokenException("it waits neither for its domain nor for domain.Time: for another thread, for real time, or for nothing");
                if (domain.CalledFromElsewhere)
                    throw new RuleBrokenException("it calls its domain from another thread than that on which it was called");
                (await scene.EndAsync(domain, RuleScene.Half, run, RuleScene.Enough)).MustBeTrue();
            }),
        new("Two domains at once do not get into each other's way",
            "one instance serves every domain of the host", async scene =>
            {
                var quarter = Kib.FromMiB(768);
                var alone = (await scene.ReachAsync(await scene.DomainAsync("rule-alone"), quarter)).MustBeTrue();
                var (first, second) = (await scene.DomainAsync("rule-first"), await scene.DomainAsync("rule-second"));
                var (one, other) = (scene.Begin(first, RuleScene.Half), scene.Begin(second, quarter));
                (await scene.EndAsync(first, RuleScene.Half, one, RuleScene.Enough)).MustBeTrue();
                var beside = (await scene.EndAsync(second, quarter, other, RuleScene.Enough)).MustBeTrue();
                if (beside.Outcome!.Kind != alone.Outcome!.Kind)
                    throw new RuleBrokenException($"beside another domain it said {beside.Outcome.Kind}, and alone {alone.Outcome.Kind}: {beside.Outcome.Reason}");
            }),
        new("In the same world it does the same again",
            "what cannot be repeated cannot be simulated, tested or explained", scene =>
            {
                var (once, again) = (scene.Elsewhere(TraceAsync), scene.Elsewhere(TraceAsync));
                var differs = once.Zip(again).FirstOrDefault(pair => pair.First != pair.Second);
                if (differs != default || once.Count != again.Count)
                    throw new RuleBrokenException($"the first time it did '{differs.First ?? $"{once.Count} things"}', the second time '{differs.Second ?? $"{again.Count} things"}'");
                return Task.CompletedTask;
            }),
    ];

    private static async Task<IReadOnlyList<string>> TraceAsync(RuleScene scene)
    {
        var domain = await scene.DomainAsync();
        (await scene.ReachAsync(domain, RuleScene.Half)).MustBeTrue();
        await scene.ReleaseAsync(domain);
        return domain.Trace;
    }
}
