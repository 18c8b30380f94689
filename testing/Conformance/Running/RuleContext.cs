using System.Reflection;

namespace Actors.Sdk.Testing;

/// <summary>The actor that a rule is checked on, and its world.</summary>
internal sealed class RuleContext(Func<IActor> make, Func<IRuleWorld> build, IRuleWorld world, string? name)
{
    public static readonly Kib Memory = Kib.FromGiB(1);
    public static readonly Kib Half = Kib.FromMiB(512);

    /// <summary>The time within which an actor must return for a domain of this size.</summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(10);

    /// <summary>The time that the host gives a cancelled actor.</summary>
    public static readonly TimeSpan CancelLimit = TimeSpan.FromSeconds(5);

    /// <summary>Long enough for a run to have started, and short enough for it not to have ended.</summary>
    public static readonly TimeSpan InFlight = TimeSpan.FromMilliseconds(600);

    private static readonly TimeSpan Limit = TimeSpan.FromHours(6);

    private long _serial;

    /// <summary>Runs a check in a new world, with a new actor.</summary>
    public static void Run(Func<IActor> make, Func<IRuleWorld> build, Func<RuleContext, Task> check, string? name = null)
    {
        var world = build();
        world.Run(async () =>
        {
            var context = new RuleContext(make, build, world, name);
            await check(context);
            await context.Actor.DisposeAsync();
        }, Limit);
    }

    public IActor Actor { get; private set; } = make();

    public TimeProvider Time => world.Time;

    public void MustShareThreadAndTime()
    {
        if (!world.SharesThreadAndTime)
            throw new RuleNotApplicableException("it runs in a process of its own");
    }

    /// <summary>The name of the actor. It may keep notes below <c>memory-policy/NAME</c>.</summary>
    public string Name => name ?? Actor.GetType().GetCustomAttribute<ActorAttribute>()?.Name
        ?? throw new RuleBrokenException($"the class {Actor.GetType().Name} has no [Actor(\"name\")], so a host cannot find it");

    /// <summary>Replaces the actor with a new instance, as after a restart of the host or an update of the plugin.</summary>
    public async Task ReplaceActorAsync()
    {
        await Actor.DisposeAsync();
        Actor = make();
    }

    /// <summary>Runs the same in another world and returns the result.</summary>
    public T InAnotherWorld<T>(Func<RuleContext, Task<T>> action)
    {
        var result = default(T)!;
        Run(make, build, async context => result = await action(context), name);
        return result;
    }

    public async Task<RecordingDomain> DomainAsync(string name = "rule-1", bool refuses = false) =>
        new(await world.CreateAsync(new RuleGuest(name, refuses)));

    public Task WaitAsync(TimeSpan time) => Task.Delay(time, Time);

    /// <summary>Starts to move a domain. The task carries the actor's exceptions.</summary>
    public Task<Outcome> Begin(RecordingDomain domain, Kib target, CancellationToken cancellation = default)
    {
        var request = new TargetRequest { Target = target, Serial = ++_serial, Floor = Kib.FromMiB(256), Timeout = TimeLimit };
        return Actor.ReachAsync(domain, request, cancellation);
    }

    /// <summary>Moves a domain and waits for the result. The run must end on its own and within the time limit.</summary>
    public async Task<RunResult> ReachAsync(RecordingDomain domain, Kib target) => await EndAsync(domain, target, Begin(domain, target), TimeLimit);

    /// <summary>Waits until a run has ended with an outcome or an exception.</summary>
    public async Task<RunResult> EndAsync(RecordingDomain domain, Kib target, Task<Outcome> run, TimeSpan within)
    {
        var began = Time.GetTimestamp();
        await EndedAsync(run, within, domain, $"it did not return within {within.TotalSeconds:0} s");
        var took = Time.GetElapsedTime(began);
        return run.IsCompletedSuccessfully
            ? new RunResult(run.Result ?? throw new RuleBrokenException("it returned null instead of an outcome"), null, domain.RuleDomain.Info, target, took)
            : new RunResult(null, run.IsCanceled ? new OperationCanceledException() : run.Exception!.InnerException, domain.RuleDomain.Info, target, took);
    }

    public async Task ReleaseAsync(RecordingDomain domain)
    {
        var release = Actor.ReleaseAsync(domain, default);
        await EndedAsync(release, TimeLimit, domain, $"ReleaseAsync did not return within {TimeLimit.TotalSeconds:0} s");
        await release;
    }

    // Waits without cancelling the run and without throwing the actor's exception.
    private async Task EndedAsync(Task task, TimeSpan within, RecordingDomain domain, string message)
    {
        using var enough = new CancellationTokenSource();
        var late = Task.Delay(within, Time, enough.Token);
        if (await Task.WhenAny(task, late) == late)
        {
            throw new RuleBrokenException(world.SharesThreadAndTime && domain.Waiting == 0 && domain.RecordingTime.Armed == 0
                ? $"{message}, and it is waiting neither for its domain nor for domain.Time. It waits for another thread, for real time, or for nothing"
                : $"{message}. It must notice when nothing moves, and measure that with domain.Time, not with Stopwatch or DateTime");
        }
        enough.Cancel();
    }
}
