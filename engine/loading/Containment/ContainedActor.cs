using System.Runtime.CompilerServices;
using Actors.Dispatch.Calls;
using Actors.Dispatch.Registry;
using Actors.Sdk;

namespace Actors.Loading.Containment;

/// <summary>
/// Contains an actor of a plugin: whatever its code does, the caller gets an outcome, the domain is free for other actors, and faults count
/// against the plugin's health.
/// </summary>
/// <param name="actor">The actor.</param>
/// <param name="health">The health of its plugin.</param>
/// <param name="permissions">What its plugin may do; <see langword="null"/> if that is not limited.</param>
/// <param name="lane">Where its code runs.</param>
/// <param name="time">The clock.</param>
/// <param name="mark">Records that a call begins, until the result is disposed of; <see langword="null"/> if nothing has to be recorded.</param>
internal sealed class ContainedActor(
    IActor actor, PluginHealth health, PluginPermissions? permissions, ICallLane lane, TimeProvider time, Func<IDisposable>? mark = null) : IActor, IQuarantinable
{
    // The limit on log lines spans calls: an actor that is called often may not log more.
    private readonly ConditionalWeakTable<IActorLog, ContainedLog> _logs = [];

    /// <summary>The actor itself. Calls of it are not contained.</summary>
    public IActor Raw => actor;

    public string? OutOfService => health.OutOfService;

    public async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        Outcome? returned;
        try
        {
            returned = await CallAsync(domain, (facade, token) =>
            {
                if (health.Now.Quarantine is { } why)
                    throw new QuarantinedException(why);
                return actor.ReachAsync(facade, request, token) ?? throw NoTask();
            }, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception error)
        {
            // If the domain no longer exists, this throws, and that is the right result.
            var footprint = (await domain.InspectAsync(CancellationToken.None)).Footprint;
            return error is QuarantinedException ? Outcome.Quarantined(footprint, OutOfService ?? error.Message) with { Lacks = new Lack(LackKinds.Actor) } : Failed(domain, footprint, error);
        }
        if (returned is null or { Kind: OutcomeKind.Superseded })
            cancellation.ThrowIfCancellationRequested();
        var (outcome, fault) = OutcomeCheck.Check(returned, request, await domain.InspectAsync(CancellationToken.None));
        Count(fault);
        return outcome;
    }

    public async Task ReleaseAsync(IDomain domain, CancellationToken cancellation)
    {
        // What it holds is released even when it is out of service, but only for a short time.
        using var limit = health.Now.Serves ? new CancellationTokenSource() : new CancellationTokenSource(CancellationDeadline.Time, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            await CallAsync(domain, async (facade, token) =>
            {
                await (actor.ReleaseAsync(facade, token) ?? throw NoTask());
                return true;
            }, linked.Token);
            Count(null);
        }
        catch (Exception error) when (Faults.IsPlugins(error) && !(error is OperationCanceledException && linked.IsCancellationRequested))
        {
            await GoneOrFaultAsync(domain, error);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var marked = mark?.Invoke();
        try
        {
            await lane.RunAsync(async _ =>
            {
                await actor.DisposeAsync();
                return true;
            }, time);
        }
        catch (Exception error)
        {
            health.Fault($"when it was disposed of: {Faults.Describe(error)}");
        }
    }

    private async Task<T> CallAsync<T>(IDomain domain, Func<IDomain, CancellationToken, Task<T>> code, CancellationToken cancellation)
    {
        ILaneCall? running = null;
        using var marked = mark?.Invoke();
        var facade = new ContainedDomain(domain, LogOf(domain), permissions, timer => Volatile.Read(ref running)!.Run(timer));
        var call = lane.Begin(
            (self, token) =>
            {
                // Before its code can start a timer.
                Volatile.Write(ref running, self);
                return code(facade, token);
            }, cancellation);
        try
        {
            return await CancellationDeadline.AwaitAsync(call.Ended, domain.Time, cancellation);
        }
        catch (Exception error)
        {
            facade.Revoke();
            call.Abandon();
            if (error is TimeoutException && !call.Ended.IsCompleted)
                throw new ContainmentException($"the actor did not stop within {CancellationDeadline.Time.TotalSeconds:0} s of being cancelled, and was abandoned");
            throw;
        }
    }

    private ContainedLog LogOf(IDomain domain) => _logs.GetValue(domain.Log, log => new ContainedLog(log, time));

    private Outcome Failed(IDomain domain, Kib footprint, Exception error)
    {
        var what = Faults.Describe(error);
        var counts = Faults.IsPlugins(error);
        // Where the plugin's code failed helps its author; where the host refused something helps nobody.
        domain.Log.Warn($"the actor failed: {(counts && error is not ContainmentException ? Faults.InFull(error) : what)}");
        if (counts)
            Count(what);
        var failed = Outcome.Failed(footprint, what);
        return error is ProcessDownException ? failed with { Lacks = new Lack(LackKinds.Actor) } : failed;
    }

    private static ContainmentException NoTask() => new(Faults.NoTask);

    private async Task GoneOrFaultAsync(IDomain domain, Exception error)
    {
        if (error is DomainGoneException)
            await domain.InspectAsync(CancellationToken.None);
        Count($"on release: {Faults.Describe(error)}");
    }

    private void Count(string? fault)
    {
        if (fault is null)
            health.Served();
        else
            health.Fault(fault);
    }
}
