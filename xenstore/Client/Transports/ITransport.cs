namespace Actors.XenStore.Client;

/// <summary>
/// Sends bytes to a daemon and receives bytes from it. The calls block: for small requests and replies, a blocked thread is a third
/// faster than the asynchronous sockets of the runtime. One thread receives, and only one thread sends at a time.
/// </summary>
internal interface ITransport : IDisposable
{
    /// <summary>Waits for bytes. Returns 0 at the end of the connection.</summary>
    int Receive(Span<byte> buffer);

    /// <summary>Sends whole messages.</summary>
    void Send(ReadOnlySpan<byte> messages);

    /// <summary>Whether a send of a few messages would not block now.</summary>
    bool CanSendNow { get; }

    /// <summary>Ends the current <see cref="Receive"/> and every later one.</summary>
    void Shutdown();
}
