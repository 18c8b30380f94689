using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Host.Service;

/// <summary>
/// Makes the first connection to xenstore. If xenstored is away, the daemon waits for it: systemd would give up after a few failed starts, and
/// the daemon would stay down when xenstored is back.
/// </summary>
/// <param name="log">The log of the host.</param>
/// <param name="notify">Reports a state to systemd.</param>
/// <param name="time">The clock of the pauses.</param>
internal sealed class FirstConnection(IActorLog log, Action<string> notify, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    // systemd ends a start that takes longer than TimeoutStartSec, unless it is extended. An attempt takes at most 10 s.
    private static readonly TimeSpan Extension = TimeSpan.FromSeconds(30);

    /// <summary>Tries to connect until it succeeds.</summary>
    /// <param name="connect">Makes one attempt.</param>
    /// <param name="stop">Ends the attempts.</param>
    public async Task<T> OpenAsync<T>(Func<CancellationToken, Task<T>> connect, CancellationToken stop)
    {
        for (var (pause, isFirst) = (FirstPause, true); ; isFirst = false)
        {
            try
            {
                var connection = await connect(stop);
                if (!isFirst)
                    log.Info("xenstored is there");
                return connection;
            }
            catch (XenStoreConnectionException error)
            {
                if (isFirst)
                    log.Warn($"waiting for xenstored: {error.Message}");
            }
            notify($"EXTEND_TIMEOUT_USEC={Extension.TotalMicroseconds:0}\nSTATUS=waiting for xenstored");
            await Task.Delay(pause, time, stop);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }
}
