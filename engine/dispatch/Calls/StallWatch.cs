using Actors.Sdk;

namespace Actors.Dispatch.Calls;

/// <summary>Time is charged only while there is no progress; when the account is empty, the call is cancelled.</summary>
internal sealed class StallWatch : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _done;

    public StallWatch(IDomain domain, Kib target, TimeSpan allowed, CancellationTokenSource stalled, CancellationToken cancellation)
    {
        _done = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _ = WatchAsync(domain, new StallAccount(target, allowed), stalled, _done.Token);
    }

    public void Dispose()
    {
        _done.Cancel();
        _done.Dispose();
    }

    private static async Task WatchAsync(IDomain domain, StallAccount account, CancellationTokenSource stalled, CancellationToken done)
    {
        try
        {
            while (true)
            {
                account = account.Charge((await domain.InspectAsync(done)).Footprint, Look);
                if (account.Empty)
                {
                    stalled.Cancel();
                    return;
                }
                await Task.Delay(Look, domain.Time, done);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or DomainGoneException or HypervisorException)
        {
            // The call has ended, or will end by the same error.
        }
    }
}

/// <summary>How much time without progress is left. Pure.</summary>
/// <param name="Target">Where the footprint should go.</param>
/// <param name="Left">What is left of the time.</param>
internal sealed record StallAccount(Kib Target, TimeSpan Left)
{
    // One page a look would otherwise count as progress for ever.
    private static readonly Kib LeastProgress = new(256);

    private Kib? Best { get; init; }

    public bool Empty => Left <= TimeSpan.Zero;

    public StallAccount Charge(Kib footprint, TimeSpan elapsed)
    {
        var distance = (footprint - Target).Abs();
        if (Best is not { } best)
            return this with { Best = distance };
        return distance + LeastProgress <= best
            ? this with { Best = distance }
            : this with { Left = Left - elapsed };
    }
}
