using Actors.Sdk;

namespace Actors.Dispatch.Calls;

/// <summary>Charges time only while an actor makes no progress, and cancels the call when none is left.</summary>
internal sealed class StallWatch : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _done;
    private readonly Task _watch;

    public StallWatch(IDomain domain, Kib target, TimeSpan allowed, CancellationTokenSource stalled, CancellationToken cancellation)
    {
        _done = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _watch = WatchAsync(domain, new StallAccount(target, allowed), stalled, _done.Token);
    }

    public async ValueTask DisposeAsync()
    {
        _done.Cancel();
        await _watch;
        _done.Dispose();
    }

    private static async Task WatchAsync(IDomain domain, StallAccount account, CancellationTokenSource stalled, CancellationToken done)
    {
        try
        {
            while (true)
            {
                account = account.Charge((await domain.InspectAsync(done)).Footprint, Interval);
                if (account.Empty)
                {
                    stalled.Cancel();
                    return;
                }
                await Task.Delay(Interval, domain.Time, done);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or DomainGoneException or HypervisorException)
        {
            // The call has ended, or will end with the same error.
        }
    }
}
