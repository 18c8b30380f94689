namespace Actors.XenStore.Client;

/// <summary>
/// Moves bytes to a daemon and back, blocking: for one small message there and one back, a blocked thread is a third faster than
/// the runtime's asynchronous sockets. One thread receives; one at a time sends.
/// </summary>
internal interface ITransport : IDisposable
{
    /// <summary>Waits for bytes; 0 when there will be no more.</summary>
    int Receive(Span<byte> buffer);

    /// <summary>Sends whole messages.</summary>
    void Send(ReadOnlySpan<byte> messages);

    /// <summary>Whether a send of a few messages would return at once now.</summary>
    bool CanSendNow { get; }

    /// <summary>Ends a <see cref="Receive"/> that waits, and every later one.</summary>
    void Shutdown();
}
