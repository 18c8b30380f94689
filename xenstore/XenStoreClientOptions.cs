namespace Actors.XenStore;

/// <summary>The clock of a client and its time limits for reconnecting.</summary>
public sealed record XenStoreClientOptions
{
    /// <summary>
    /// How long a request waits for a connection if there is none. After that it fails with <see cref="RequestFate.NotSent"/>.
    /// The default is 10 s. With <see cref="TimeSpan.Zero"/> it fails immediately.
    /// </summary>
    public TimeSpan ReconnectWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long xenstored may take to reply. After that the connection counts as lost. To find that out also while no request waits, the client
    /// sends a request that changes nothing at every half of this time. The default is <see cref="Timeout.InfiniteTimeSpan"/>: no limit.
    /// </summary>
    public TimeSpan ReplyLimit { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>The pause after the first failed attempt to reconnect. It doubles with each attempt. The default is 10 ms.</summary>
    public TimeSpan FirstBackoff { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>The longest pause between attempts to reconnect. The default is 1 s.</summary>
    public TimeSpan LongestBackoff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The clock for all waits.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
