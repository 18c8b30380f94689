using Actors.Dispatch.Domains;
using Actors.Dispatch.Registry;
using Actors.Sdk;
using Actors.Sdk.Text;

namespace Actors.Dispatch.Calls;

/// <summary>
/// Calls an actor and turns whatever it does into an outcome. Only two exceptions get through: the caller's own cancellation, and
/// <see cref="DomainGoneException"/>.
/// </summary>
internal static class ActorCall
{
    public static async Task<Outcome> ReachAsync(
        ActorEntry actor, RunContext domain, TargetRequest request, TimeLimits limits, CancellationToken cancellation)
    {
        var time = domain.Time;
        using var timeout = new CancellationTokenSource(limits.Timeout ?? Timeout.InfiniteTimeSpan, time);
        using var stalled = new CancellationTokenSource();
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token, stalled.Token);
        await using var stallWatch = limits.Stall is { } stall ? new StallWatch(domain, request.Target, stall, stalled, linked.Token) : null;
        try
        {
            var limited = request with { Timeout = limits.Timeout ?? Timeout.InfiniteTimeSpan };
            return await actor.ReachAsync(domain, limited, linked.Token);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException) when (linked.IsCancellationRequested)
        {
            var footprint = (await domain.InspectAsync(cancellation)).Footprint;
            return Outcome.Short(footprint, OutOfTime(limits, timeout.IsCancellationRequested, footprint, request.Target)) with { Lacks = new Lack(LackKinds.Time) };
        }
        catch (DomainGoneException)
        {
            throw;
        }
        catch (Exception error)
        {
            var footprint = (await domain.InspectAsync(cancellation)).Footprint;
            domain.Log.Warn($"the actor failed: {error}");
            return Outcome.Failed(footprint, Describe(error));
        }
        finally
        {
            domain.EndGrant();
        }
    }

    /// <summary>Calls the actor's release. An error is logged and goes no further.</summary>
    public static async Task ReleaseAsync(ActorEntry actor, RunContext domain, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(ReleaseDeadline, domain.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        try
        {
            await actor.ReleaseAsync(domain, linked.Token);
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested && error is not DomainGoneException)
        {
            domain.Log.Warn($"'{actor.Name}' did not release the domain: {Describe(error)}");
        }
        catch (DomainGoneException)
        {
            // The domain is gone, and what the actor held with it.
        }
    }

    private static readonly TimeSpan ReleaseDeadline = TimeSpan.FromMinutes(10);

    private static string OutOfTime(TimeLimits limits, bool timedOut, Kib footprint, Kib target)
    {
        var distance = $"the footprint is {footprint}, {(footprint - target).Abs()} {(footprint > target ? "above" : "below")} the target";
        return timedOut
            ? $"time is up after {DurationText.Format(limits.Timeout!.Value)}: {distance}"
            : $"no progress for {DurationText.Format(limits.Stall!.Value)}: {distance}";
    }

    private static string Describe(Exception error) => error switch
    {
        MechanismException or HypervisorException => error.Message,
        _ => $"{error.GetType().Name}: {error.Message}",
    };
}
