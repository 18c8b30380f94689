using Actors.Isolation.Wire;

namespace Actors.Isolation.Child;

/// <summary>What a child does for the daemon.</summary>
internal interface IChildServer
{
    /// <summary>Answers a request of the daemon. It is called on the thread that reads, which must stay free.</summary>
    ValueTask<ReadOnlyMemory<byte>> AnswerAsync(Frame frame, CancellationToken cancellation);

    /// <summary>Handles a notice of the daemon.</summary>
    void Handle(Frame notice) => throw new WireException($"the daemon sent the notice '{notice.Verb}'");

    /// <summary>Handles an exception of a task that nothing awaited.</summary>
    void HandleUnobserved(Exception error)
    {
    }
}
