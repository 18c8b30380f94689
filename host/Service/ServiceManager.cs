using System.Net.Sockets;
using System.Text;
using Actors.Host.Logging;

namespace Actors.Host.Service;

/// <summary>Reports the daemon's state to systemd (sd_notify(3)) if systemd started it with a notification socket.</summary>
internal static class ServiceManager
{
    /// <summary>Reports that the daemon can work, if systemd wants to know (WatchdogSec= of the unit).</summary>
    public static void NotifyAlive()
    {
        if (Environment.GetEnvironmentVariable("WATCHDOG_USEC") is { Length: > 0 })
            Notify("WATCHDOG=1");
    }

    public static void Notify(string state)
    {
        if (Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is not { Length: > 0 } path)
            return;
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            // A leading '@' means the abstract namespace.
            socket.SendTo(Encoding.UTF8.GetBytes(state), new UnixDomainSocketEndPoint(path[0] == '@' ? $"\0{path[1..]}" : path));
        }
        catch (SocketException error)
        {
            Log.For(null).Warn($"cannot notify systemd at {path}: {error.Message}");
        }
    }
}
