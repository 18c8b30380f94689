using System.Net.Sockets;
using System.Text;
using Actors.Host.Logging;

namespace Actors.Host.Service;

/// <summary>Tells systemd how it stands (sd_notify(3)), where it has asked for it.</summary>
internal static class ServiceManager
{
    public static void Tell(string state)
    {
        if (Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is not { Length: > 0 } path)
            return;
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            // A leading @ stands for the abstract namespace.
            socket.SendTo(Encoding.UTF8.GetBytes(state), new UnixDomainSocketEndPoint(path[0] == '@' ? $"\0{path[1..]}" : path));
        }
        catch (SocketException error)
        {
            Log.For(null).Warn($"systemd does not hear this daemon at {path}: {error.Message}");
        }
    }
}
