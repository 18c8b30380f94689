
namespace Actors.Sdk.Testing;

/// <summary>Rules for what an actor leaves behind after a release.</summary>
internal static class ReleasingRules
{
    private static readonly TimeSpan AfterRelease = TimeSpan.FromMinutes(2);

    public static IReadOnlyList<ActorRule> All { get; } =
    [
        new("After a release, everything that it held is undone",
            "another actor takes over, and must find the domain in its original state", async context =>
            {
                var domain = await context.DomainAsync();
                var found = await FoundAsync(domain);
                (await context.ReachAsync(domain, RuleContext.Half)).MustBeTrue();
                await context.ReleaseAsync(domain);
                await MustBeUndoneAsync(context, domain, found);
            }),
        new("After a cancelled run and a release, everything that it held is undone",
            "this happens when the actor key changes during a run", async context =>
            {
                var domain = await context.DomainAsync();
                var found = await FoundAsync(domain);
                await CancellingRules.CancelAsync(context, domain);
                await context.ReleaseAsync(domain);
                await MustBeUndoneAsync(context, domain, found);
            }),
        new("Another instance can release what it held",
            "the host may be restarted, or the plugin updated, between the run and the release", async context =>
            {
                var domain = await context.DomainAsync();
                var found = await FoundAsync(domain);
                (await context.ReachAsync(domain, RuleContext.Half)).MustBeTrue();
                await context.ReplaceActorAsync();
                await context.ReleaseAsync(domain);
                await MustBeUndoneAsync(context, domain, found);
            }),
        new("Releasing twice, or a domain that it never touched, does no harm",
            "the host releases a domain again when it is not sure", async context =>
            {
                var untouched = await context.DomainAsync("rule-untouched");
                var before = await FoundAsync(untouched);
                await context.ReleaseAsync(untouched);
                await MustBeUndoneAsync(context, untouched, before);

                var domain = await context.DomainAsync();
                var found = await FoundAsync(domain);
                (await context.ReachAsync(domain, RuleContext.Half)).MustBeTrue();
                await context.ReleaseAsync(domain);
                await context.ReleaseAsync(domain);
                await MustBeUndoneAsync(context, domain, found);
            }),
        new("Releasing a domain that no longer exists does no harm",
            "domains are destroyed while an actor holds them", async context =>
            {
                var domain = await context.DomainAsync();
                (await context.ReachAsync(domain, RuleContext.Half)).MustBeTrue();
                await domain.RuleDomain.DestroyAsync();
                try
                {
                    await context.ReleaseAsync(domain);
                }
                catch (DomainGoneException)
                {
                    // Also allowed: the host handles this exception.
                }
            }),
        new("After a release and its disposal, it does nothing more",
            "code that keeps running keeps the plugin in memory forever, and acts on domains that other actors have taken over", async context =>
            {
                var domain = await context.DomainAsync();
                (await context.ReachAsync(domain, RuleContext.Half)).MustBeTrue();
                await context.ReleaseAsync(domain);
                await context.Actor.DisposeAsync();
                var did = domain.Trace.Count;
                await context.WaitAsync(AfterRelease);
                if (domain.Trace.Count > did)
                    throw new RuleBrokenException($"after its disposal it still did this: {domain.Trace[did]}");
                if (domain.RecordingTime.Armed > 0)
                    throw new RuleBrokenException($"after its disposal {domain.RecordingTime.Armed} of its timers are still active");
            }),
    ];

    private sealed record Found(IReadOnlyDictionary<string, string> Keys, DomainInfo Info);

    private static async Task<Found> FoundAsync(RecordingDomain domain) => new(await domain.RuleDomain.ReadKeysAsync(), domain.RuleDomain.Info!);

    private static async Task MustBeUndoneAsync(RuleContext context, RecordingDomain domain, Found found)
    {
        await context.WaitAsync(AfterRelease);
        var keys = await domain.RuleDomain.ReadKeysAsync();
        var info = domain.RuleDomain.Info!;
        var notes = $"memory-policy/{context.Name}";
        foreach (var key in domain.RecordingStore.WrittenKeys.Where(key => key != notes && !key.StartsWith(notes + "/", StringComparison.Ordinal)))
        {
            var (was, now) = (found.Keys.GetValueOrDefault(key), keys.GetValueOrDefault(key));
            if (was != now)
                throw new RuleBrokenException($"'{key}' was {Describe(was)} before the run and is {Describe(now)} after the release");
        }
        if (info.PagedPages > found.Info.PagedPages)
            throw new RuleBrokenException($"after the release {info.PagedPages.ToKib()} are still paged out");
        if (info.SharedPages > found.Info.SharedPages)
            throw new RuleBrokenException($"after the release {info.SharedPages.ToKib()} are still shared");
        if (domain.RuleDomain.Domain.GetMechanism<IPaging>() is { Available: true, Mechanism.Running: true })
            throw new RuleBrokenException("after the release the pager is still running");
        if (info.MaxPages < found.Info.MaxPages)
            throw new RuleBrokenException($"max_mem was {found.Info.MaxMem} before the run and is {info.MaxMem} after the release, so the guest cannot grow back");
    }

    private static string Describe(string? value) => value is null ? "absent" : $"'{value}'";
}
