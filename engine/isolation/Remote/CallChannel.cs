using System.Text.Json.Serialization.Metadata;
using Actors.Isolation.Messages;
using Actors.Isolation.Wire;

namespace Actors.Isolation.Remote;

/// <summary>What one call in a child requests of the daemon.</summary>
internal sealed class CallChannel(WireConnection connection, long number)
{
    /// <summary>The number of the call.</summary>
    public long Number => number;

    public async ValueTask<Frame> RequestAsync(Verb verb, DomainRequest request, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        long sent = 0;
        try
        {
            var body = Body.Of(request, WireJson.Default.DomainRequest);
            // A watch may wait for hours.
            return await (verb == Verb.Watch
                ? connection.RequestAsync(verb, body, number => sent = number, cancellation)
                : connection.RequestInTurnAsync(verb, body, number => sent = number, cancellation));
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw Errors.Mark(error, sent);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
    }

    public async ValueTask<T> RequestAsync<T>(Verb verb, DomainRequest request, JsonTypeInfo<T> reply, CancellationToken cancellation) =>
        Body.Read(await RequestAsync(verb, request, cancellation), reply);

    /// <summary>Sends a notice. A call that sends them faster than the daemon reads is slowed down.</summary>
    public void Send(Verb verb, DomainRequest notice) => connection.SendInTurn(verb, Body.Of(notice, WireJson.Default.DomainRequest));
}
