namespace Actors.Sdk.Testing;

/// <summary>Rules that keep an actor from disturbing the host, the toolstack and its other domains.</summary>
internal static class IsolationRules
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(50);

    // These keys belong to the toolstack and the host.
    private static readonly string[] ForeignKeys = [DomainKeys.StaticMax, DomainKeys.VideoRam];

    public static IReadOnlyList<ActorRule> All { get; } =
    [
        new("It writes no key that belongs to the toolstack or to another actor",
            "an actor that writes memory-policy/target supersedes itself; its notes belong below memory-policy/NAME", async context =>
            {
                var domain = await context.DomainAsync();
                (await context.ReachAsync(domain, RuleContext.Half)).MustBeTrue();
                await context.ReleaseAsync(domain);
                var notes = $"memory-policy/{context.Name}";
                foreach (var key in domain.RecordingStore.WrittenKeys)
                    if (ForeignKeys.Contains(key) || (key.StartsWith("memory-policy", StringComparison.Ordinal) && key != notes && !key.StartsWith(notes + "/", StringComparison.Ordinal)))
                        throw new RuleBrokenException($"it wrote '{key}', which belongs to the toolstack or to another actor; it may keep notes below '{notes}'");
            }),
        new("It waits only for its domain and domain.Time, and stays on its caller's thread",
            "otherwise simulated runs are not repeatable, and a host runs out of threads; use neither Task.Run nor ConfigureAwait(false)", async context =>
            {
                context.MustShareThreadAndTime();
                var domain = await context.DomainAsync();
                var run = context.Begin(domain, RuleContext.Half);
                for (var idle = 0; !run.IsCompleted && idle < 2; idle = domain is { Waiting: 0, RecordingTime.Armed: 0 } ? idle + 1 : 0)
                    await context.WaitAsync(CheckInterval);
                if (!run.IsCompleted && domain is { Waiting: 0, RecordingTime.Armed: 0 })
                    throw new RuleBrokenException("it is waiting neither for its domain nor for domain.Time. It waits for another thread, for real time, or for nothing");
                if (domain.CalledFromAnotherThread)
                    throw new RuleBrokenException("it calls its domain from a different thread than the one on which it was called");
                (await context.EndAsync(domain, RuleContext.Half, run, RuleContext.TimeLimit)).MustBeTrue();
            }),
        new("Two domains at the same time do not affect each other",
            "one instance serves all domains of the host", async context =>
            {
                var quarter = Kib.FromMiB(768);
                var alone = (await context.ReachAsync(await context.DomainAsync("rule-alone"), quarter)).MustBeTrue();
                var (first, second) = (await context.DomainAsync("rule-first"), await context.DomainAsync("rule-second"));
                var (one, other) = (context.Begin(first, RuleContext.Half), context.Begin(second, quarter));
                (await context.EndAsync(first, RuleContext.Half, one, RuleContext.TimeLimit)).MustBeTrue();
                var both = (await context.EndAsync(second, quarter, other, RuleContext.TimeLimit)).MustBeTrue();
                if (both.Outcome!.Kind != alone.Outcome!.Kind)
                    throw new RuleBrokenException($"while it worked on another domain it returned {both.Outcome.Kind}, but alone it returns {alone.Outcome.Kind}: {both.Outcome.Reason}");
            }),
        new("In the same world it does the same thing twice",
            "runs that are not repeatable cannot be simulated, tested or explained", context =>
            {
                context.MustShareThreadAndTime();
                var (once, again) = (context.InAnotherWorld(TraceAsync), context.InAnotherWorld(TraceAsync));
                var differs = once.Zip(again).FirstOrDefault(pair => pair.First != pair.Second);
                if (differs != default || once.Count != again.Count)
                    throw new RuleBrokenException($"the first time it did '{differs.First ?? $"{once.Count} calls"}', the second time '{differs.Second ?? $"{again.Count} calls"}'");
                return Task.CompletedTask;
            }),
    ];

    private static async Task<IReadOnlyList<string>> TraceAsync(RuleContext context)
    {
        var domain = await context.DomainAsync();
        (await context.ReachAsync(domain, RuleContext.Half)).MustBeTrue();
        await context.ReleaseAsync(domain);
        return domain.Trace;
    }
}
