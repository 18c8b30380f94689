
namespace Actors.Sdk.Testing;

/// <summary>What is left of an actor when it has let go.</summary>
internal static class ReleasingRules
{
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(2);

    public static IReadOnlyList<ActorRule> All { get; } =
    [
        new("Released, it has undone all that it held",
            "another actor takes over, and must find the domain as it was", async scene =>
            {
                var domain = await scene.DomainAsync();
                var found = await FoundAsync(domain);
                (await scene.ReachAsync(domain, RuleScene.Half)).MustBeTrue();
                await scene.ReleaseAsync(domain);
                await MustBeUndoneAsync(scene, domain, found);
            }),
        new("Released after it was cancelled, it has undone all that it held",
            "that is how a change of the actor key ends a run", async scene =>
            {
                var domain = await scene.DomainAsync();
                var found = await FoundAsync(domain);
                await CancellingRules.CancelAsync(scene, domain);
                await scene.ReleaseAsync(domain);
                await MustBeUndoneAsync(scene, domain, found);
            }),
        new("Another instance of it can release what it held",
            "the host may have been restarted, or the plugin replaced, between the two", async scene =>
            {
                var domain = await scene.DomainAsync();
                var found = await FoundAsync(domain);
                (await scene.ReachAsync(domain, RuleScene.Half)).MustBeTrue();
                await scene.ReplaceActorAsync();
                await scene.ReleaseAsync(domain);
                await MustBeUndoneAsync(scene, domain, found);
            }),
        new("Releasing twice, or a domain that it never touched, does no harm",
            "the host releases rather once too often", async scene =>
            {
                var untouched = await scene.DomainAsync("rule-untouched");
                var before = await FoundAsync(untouched);
                await scene.ReleaseAsync(untouched);
                await MustBeUndoneAsync(scene, untouched, before);

                var domain = await scene.DomainAsync();
                var found = await FoundAsync(domain);
                (await scene.ReachAsync(domain, RuleScene.Half)).MustBeTrue();
                await scene.ReleaseAsync(domain);
                await scene.ReleaseAsync(domain);
                await MustBeUndoneAsync(scene, domain, found);
            }),
        new("Releasing a domain that is gone does no harm",
            "domains are destroyed while an actor holds them", async scene =>
            {
                var domain = await scene.DomainAsync();
                (await scene.ReachAsync(domain, RuleScene.Half)).MustBeTrue();
                await domain.Ground.DestroyAsync();
                try
                {
                    await scene.ReleaseAsync(domain);
                }
                catch (DomainGoneException)
                {
                    // As good: the host knows what it means.
                }
            }),
        new("Released and disposed of, nothing of it runs on",
            "what runs on keeps the plugin in memory for ever, and acts on domains that others have by now", async scene =>
            {
                var domain = await scene.DomainAsync();
                (await scene.ReachAsync(domain, RuleScene.Half)).MustBeTrue();
                await scene.ReleaseAsync(domain);
                await scene.Actor.DisposeAsync();
                var did = domain.Trace.Count;
                await scene.WaitAsync(Settling);
                if (domain.Trace.Count > did)
                    throw new RuleBrokenException($"after its disposal it did: {domain.Trace[did]}");
                if (domain.WatchedTime.Armed > 0)
                    throw new RuleBrokenException($"after its disposal {domain.WatchedTime.Armed} timers of its own are still running");
            }),
    ];

    private sealed record Found(IReadOnlyDictionary<string, string> Keys, DomainInfo Info);

    private static async Task<Found> FoundAsync(WatchedDomain domain) => new(await domain.Ground.ReadKeysAsync(), domain.Ground.Info!);

    private static async Task MustBeUndoneAsync(RuleScene scene, WatchedDomain domain, Found found)
    {
        await scene.WaitAsync(Settling);
        var keys = await domain.Ground.ReadKeysAsync();
        var info = domain.Ground.Info!;
        var notes = $"memory-policy/{scene.Name}";
        foreach (var key in domain.WatchedStore.Touched.Where(key => key != notes && !key.StartsWith(notes + "/", StringComparison.Ordinal)))
        {
            var (was, now) = (found.Keys.GetValueOrDefault(key), keys.GetValueOrDefault(key));
            if (was != now)
                throw new RuleBrokenException($"'{key}' was {Words(was)}, and after the release it is {Words(now)}");
        }
        if (info.PagedPages > found.Info.PagedPages)
            throw new RuleBrokenException($"after the release {info.PagedPages.ToKib()} are still paged out");
        if (info.SharedPages > found.Info.SharedPages)
            throw new RuleBrokenException($"after the release {info.SharedPages.ToKib()} are still shared");
        if (domain.Ground.Domain.GetMechanism<IPaging>() is { Available: true, Mechanism.Running: true })
            throw new RuleBrokenException("after the release the pager is still running");
        if (info.MaxPages < found.Info.MaxPages)
            throw new RuleBrokenException($"max_mem was {found.Info.MaxMem}, and after the release it is {info.MaxMem}: the guest cannot grow back");
    }

    private static string Words(string? value) => value is null ? "absent" : $"'{value}'";
}
