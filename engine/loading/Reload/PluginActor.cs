using Actors.Dispatch.Calls;
using Actors.Dispatch.Registry;
using Actors.Sdk;

namespace Actors.Loading.Reload;

/// <summary>
/// An actor under its name, whichever version of whichever plugin provides it. A call ends on the version that it began with, unless that
/// version is unloaded first: then the call is cancelled there, and the next version receives the same request.
/// </summary>
internal sealed class PluginActor(string name, TimeProvider time) : IActor, IQuarantinable
{
    /// <summary>How long a cancelled call may take to return. It is longer than the limit of dispatch, which is reported first.</summary>
    public static readonly TimeSpan ReturnDeadline = CancellationDeadline.Time + TimeSpan.FromSeconds(1);

    private volatile Generation? _current;

    /// <summary>The version that provides it now; <see langword="null"/> when its plugin was removed.</summary>
    public Generation? Current
    {
        get => _current;
        set => _current = value;
    }

    public string? OutOfService => _current?.OutOfService;

    public async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        while (_current is { } generation)
        {
            if (generation.Enter(name, domain.Identity) is not { } actor)
            {
                if (ReferenceEquals(generation, _current))
                    break;
                continue;
            }
            if (await CallAsync(token => actor.ReachAsync(domain, request, token), generation, cancellation) is { } outcome)
                return outcome;
        }
        var footprint = (await domain.InspectAsync(cancellation)).Footprint;
        return Outcome.Unable(footprint, $"the plugin of '{name}' was removed; put it back, or choose another actor") with { Lacks = new Lack(LackKinds.Actor) };
    }

    public async Task ReleaseAsync(IDomain domain, CancellationToken cancellation)
    {
        while (_current is { } generation)
        {
            if (generation.Enter(name, domain.Identity) is not { } actor)
            {
                if (ReferenceEquals(generation, _current))
                    return;
                continue;
            }
            async Task<Outcome> ReleaseAsync(CancellationToken token)
            {
                await actor.ReleaseAsync(domain, token);
                return Released;
            }
            if (await CallAsync(ReleaseAsync, generation, cancellation) is not null)
                return;
        }
    }

    /// <summary>Does nothing: the versions dispose of their actors.</summary>
    public ValueTask DisposeAsync() => default;

    private static readonly Outcome Released = Outcome.Reached(Kib.Zero, "released");

    // The outcome; null when the version was unloaded before there was one.
    private async Task<Outcome?> CallAsync(Func<CancellationToken, Task<Outcome>> call, Generation generation, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, generation.Expired);
        var work = BeginAsync(call, generation, either.Token);
        try
        {
            var outcome = await EndAsync(work, generation.Expired);
            return Accept(outcome, generation, cancellation);
        }
        catch (Exception error) when (error is not DomainGoneException && generation.Expired.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    // After its deadline, a version's outcome counts only when it reached the target.
    private static Outcome? Accept(Outcome outcome, Generation generation, CancellationToken cancellation) =>
        generation.Expired.IsCancellationRequested && !cancellation.IsCancellationRequested && outcome.Kind != OutcomeKind.Reached ? null : outcome;

    // A call leaves when its code has ended, even when its caller stopped waiting before.
    private static async Task<Outcome> BeginAsync(Func<CancellationToken, Task<Outcome>> call, Generation generation, CancellationToken cancellation)
    {
        try
        {
            return await call(cancellation);
        }
        finally
        {
            generation.Leave();
        }
    }

    private async Task<Outcome> EndAsync(Task<Outcome> work, CancellationToken expired)
    {
        var cancelled = new TaskCompletionSource();
        using (expired.UnsafeRegister(static source => ((TaskCompletionSource)source!).TrySetResult(), cancelled))
        {
            if (work.IsCompleted || await Task.WhenAny(work, cancelled.Task) == work)
                return await work;
        }
        return await work.WaitAsync(ReturnDeadline, time, CancellationToken.None);
    }
}
