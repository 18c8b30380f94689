namespace Actors.XenStore;

/// <summary>How a client deals with time and with a daemon that goes away.</summary>
public sealed record XenStoreClientOptions
{
    /// <summary>
    /// How long a request made while there is no connection waits for the next one, before it fails with
    /// <see cref="RequestFate.NotSent"/>. 10 s unless set; <see cref="TimeSpan.Zero"/> fails at once.
    /// </summary>
    public TimeSpan ReconnectWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The pause after the first failed attempt to reconnect; it doubles with each. 10 ms unless set.</summary>
    public TimeSpan FirstBackoff { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>The longest pause between attempts to reconnect. 1 s unless set.</summary>
    public TimeSpan LongestBackoff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Measures every wait.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
