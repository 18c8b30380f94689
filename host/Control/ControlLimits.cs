namespace Actors.Host.Control;

/// <summary>How much one client may cost the control socket, and how many clients are served at once. More wait until one is done.</summary>
internal sealed record ControlLimits
{
    public int Clients { get; init; } = 32;

    public int RequestBytes { get; init; } = 64 * 1024;

    /// <summary>How long a client may take to send its request, and again to read the answer.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long to wait after a connection could not be accepted, for example because all file descriptors are in use.</summary>
    public TimeSpan AcceptAgainAfter { get; init; } = TimeSpan.FromMilliseconds(200);
}
