using Actors.Dispatch.Domains;
using Actors.Dispatch.Retries;
using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Dispatch;

/// <summary>Calls a mailbox's check for every poke, and again after any error, because a domain must never be without a mailbox.</summary>
internal static class CheckLoop
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    /// <param name="domain">The domain, whose log receives the errors.</param>
    /// <param name="pokes">The requests for a check.</param>
    /// <param name="check">The check. Its argument is false if the check only repeats one that failed.</param>
    /// <param name="stop">Ends the loop.</param>
    public static async Task RunAsync(HostDomain domain, PokeQueue pokes, Func<bool, Task> check, CancellationToken stop)
    {
        var failures = 0;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await check(await pokes.WaitAsync(PauseAfter(failures), stop));
                failures = 0;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // Stopped.
            }
            catch (DomainGoneException)
            {
                // The watcher gets the same event and removes this mailbox.
            }
            catch (XenStoreConnectionException)
            {
                // Every watch fires again when the store is back.
            }
            catch (Exception error)
            {
                failures++;
                var what = error is XenStoreException or HypervisorException ? error.Message : error.ToString();
                domain.Log.Warn($"the target could not be checked, and is checked again in {PauseAfter(failures)!.Value.TotalSeconds:0} s: {what}");
            }
        }
    }

    private static TimeSpan? PauseAfter(int failures) => failures > 0 ? RetryRules.Pause(failures, LongestPause) : null;
}
