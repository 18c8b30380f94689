using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Host.Service;

/// <summary>Reports once when xenstored goes away and once when it is back, in the log and in the status of the service.</summary>
/// <param name="log">The log of the host.</param>
/// <param name="notify">Reports a state to systemd.</param>
/// <param name="description">The status while everything works.</param>
internal sealed class StoreConnectionReport(IActorLog log, Action<string> notify, Func<string> description)
{
    // Every failed attempt to reconnect is an event as well.
    private bool _isLost;

    /// <summary>Handles a change of the connection. The events of a client come one after the other.</summary>
    public void Changed(XenStoreConnectionEventArgs change)
    {
        switch (change.State)
        {
            case XenStoreConnectionState.Reconnecting when !_isLost:
                _isLost = true;
                log.Warn($"xenstored has gone away{(change.Cause is { } cause ? $": {cause.Message}" : "")}; targets wait until it is back");
                notify("STATUS=xenstored has gone away; targets wait until it is back");
                break;
            case XenStoreConnectionState.Connected when _isLost:
                _isLost = false;
                log.Info("xenstored is back; everything that was written meanwhile is acted on");
                notify($"STATUS={description()}");
                break;
        }
    }
}
