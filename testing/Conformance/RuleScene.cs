using System.Reflection;

namespace Actors.Sdk.Testing;

/// <summary>The actor that a rule is tried on, and its world.</summary>
internal sealed class RuleScene(Func<IActor> make, Func<IRuleWorld> build, IRuleWorld world)
{
    public static readonly Kib Memory = Kib.FromGiB(1);
    public static readonly Kib Half = Kib.FromMiB(512);

    /// <summary>How long an actor may take for a domain of this size before it must have said something.</summary>
    public static readonly TimeSpan Enough = TimeSpan.FromMinutes(10);

    /// <summary>What the host gives a cancelled actor.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>Long enough that a run has begun, and short enough that it has not ended.</summary>
    public static readonly TimeSpan InFlight = TimeSpan.FromMilliseconds(600);

    private static readonly TimeSpan Limit = TimeSpan.FromHours(6);

    private long _serial;

    /// <summary>Plays a scene in a world of its own, with an actor of its own, to its end.</summary>
    public static void Play(Func<IActor> make, Func<IRuleWorld> build, Func<RuleScene, Task> check)
    {
        var world = build();
        world.Run(async () =>
        {
            var scene = new RuleScene(make, build, world);
            await check(scene);
            await scene.Actor.DisposeAsync();
        }, Limit);
    }

    public IActor Actor { get; private set; } = make();

    public TimeProvider Time => world.Time;

    /// <summary>The actor's name; its own notes are below <c>memory-policy/NAME</c>.</summary>
    public string Name => Actor.GetType().GetCustomAttribute<ActorAttribute>()?.Name
        ?? throw new RuleBrokenException($"the class {Actor.GetType().Name} has no [Actor(\"name\")], so no host finds it");

    /// <summary>As when the host was restarted, or the plugin replaced.</summary>
    public async Task ReplaceActorAsync()
    {
        await Actor.DisposeAsync();
        Actor = make();
    }

    /// <summary>What comes of the same in another world.</summary>
    public T Elsewhere<T>(Func<RuleScene, Task<T>> play)
    {
        var result = default(T)!;
        Play(make, build, async scene => result = await play(scene));
        return result;
    }

    public async Task<WatchedDomain> DomainAsync(string name = "rule-1", bool refuses = false) =>
        new(await world.CreateAsync(new RuleGuest(name, refuses)));

    public Task WaitAsync(TimeSpan time) => Task.Delay(time, Time);

    /// <summary>Begins to move a domain; the actor's own errors come with the task.</summary>
    public Task<Outcome> Begin(WatchedDomain domain, Kib target, CancellationToken cancellation = default)
    {
        var request = new TargetRequest { Target = target, Serial = ++_serial, Floor = Kib.FromMiB(256), Timeout = Enough };
        return Actor.ReachAsync(domain, request, cancellation);
    }

    /// <summary>Moves a domain and waits for what comes of it, which must come in time and by itself.</summary>
    public async Task<Ending> ReachAsync(WatchedDomain domain, Kib target) => await EndAsync(domain, target, Begin(domain, target), Enough);

    /// <summary>Waits until a run has ended, one way or another.</summary>
    public async Task<Ending> EndAsync(WatchedDomain domain, Kib target, Task<Outcome> run, TimeSpan within)
    {
        var began = Time.GetTimestamp();
        await EndedAsync(run, within, domain, $"it has not ended after {within.TotalSeconds:0} s");
        var took = Time.GetElapsedTime(began);
        return run.IsCompletedSuccessfully
            ? new Ending(run.Result ?? throw new RuleBrokenException("it returned null and not an outcome"), null, domain.Ground.Info, target, took)
            : new Ending(null, run.IsCanceled ? new OperationCanceledException() : run.Exception!.InnerException, domain.Ground.Info, target, took);
    }

    public async Task ReleaseAsync(WatchedDomain domain)
    {
        var release = Actor.ReleaseAsync(domain, default);
        await EndedAsync(release, Enough, domain, $"ReleaseAsync has not ended after {Enough.TotalSeconds:0} s");
        await release;
    }

    // A way to wait that cancels nothing and does not throw what the actor threw.
    private async Task EndedAsync(Task task, TimeSpan within, WatchedDomain domain, string otherwise)
    {
        using var enough = new CancellationTokenSource();
        var late = Task.Delay(within, Time, enough.Token);
        if (await Task.WhenAny(task, late) == late)
        {
            throw new RuleBrokenException(domain.Waiting == 0 && domain.WatchedTime.Armed == 0
                ? $"{otherwise}, and waits neither for its domain nor for domain.Time: for another thread, for real time, or for nothing"
                : otherwise);
        }
        enough.Cancel();
    }
}
