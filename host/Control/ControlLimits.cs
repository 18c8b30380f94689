using System.Net.Sockets;
using Actors.Host.Service;

namespace Actors.Host.Control;

/// <summary>
/// How much one client may cost the control socket, and how many clients are served at once. One more disconnects the client that has not sent
/// its request for the longest time; if all have sent theirs, it waits until one is done.
/// </summary>
internal sealed record ControlLimits
{
    public int Clients { get; init; } = 32;

    public int RequestBytes { get; init; } = 64 * 1024;

    /// <summary>How long a client may take to send its request, and again to read the answer.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long to wait after a connection could not be accepted, for example because all file descriptors are in use.</summary>
    public TimeSpan AcceptAgainAfter { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Whether a connection took one of the last file descriptors, which the daemon itself needs.</summary>
    public Predicate<Socket> IsShortOfDescriptors { get; init; } = FileDescriptors.IsAmongTheLast;
}
