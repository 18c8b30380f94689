using Actors.XenStore.Protocol;

namespace Actors.XenStore.Client;

/// <summary>Ends a connection whose daemon no longer replies. The kernel does not close it: a daemon that hangs still has its socket.</summary>
internal static class ReplyGuard
{
    /// <summary>Sends a request that changes nothing at every half of the limit, until one gets no reply or the connection is lost.</summary>
    public static async Task RunAsync(Connection connection, TimeSpan limit, TimeProvider time)
    {
        while (await Task.WhenAny(connection.Lost, Task.Delay(limit / 2, time)).ConfigureAwait(false) != connection.Lost)
        {
            if (Session.TrySend(connection, new Query(MessageType.GetDomainPath, "0"), Replies.Text, absentIsDefault: true, CancellationToken.None) is not { } probe)
                return;
            try
            {
                await probe.Answer.AsTask().WaitAsync(limit, time).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                connection.Close(new XenStoreConnectionException($"xenstored has not replied for {limit.TotalSeconds:0.###} s", RequestFate.Unknown));
                return;
            }
            catch (Exception error) when (error is XenStoreConnectionException or XenStoreException or XenStoreProtocolException)
            {
                // It replied, or the connection is lost.
            }
        }
    }
}
