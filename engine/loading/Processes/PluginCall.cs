using Actors.Isolation.Messages;
using Actors.Isolation.Remote;
using Actors.Isolation.Wire;
using Actors.Sdk;

namespace Actors.Loading.Processes;

/// <summary>A call that runs in a plugin's process, as the daemon serves it.</summary>
internal sealed class PluginCall(IDomain domain)
{
    private readonly CallWatches _watches = new(domain);

    private const int MostThrown = 64;

    // The newest exceptions that the call got from here, so that they come back as they were.
    private readonly Queue<(long Request, Exception Error)> _thrown = new();

    /// <summary>Answers a request of the call.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> AnswerAsync(Frame frame, DomainRequest request, CancellationToken cancellation)
    {
        try
        {
            if (frame.Verb == Verb.Watch)
                return Body.Of(new TextBody(await _watches.NextAsync(request.Amount ?? 0, request.Text, cancellation)), WireJson.Default.TextBody);
            return await DomainServer.AnswerAsync(domain, frame.Verb, request, cancellation);
        }
        catch (Exception error) when (error is not (WireException or OperationCanceledException))
        {
            Remember(frame.Number, error);
            throw;
        }
    }

    public void Handle(Verb verb, DomainRequest notice)
    {
        if (verb == Verb.EndWatch)
            _watches.End(notice.Amount ?? 0);
        else
            DomainServer.Handle(domain, verb, notice);
    }

    /// <summary>Ends what the call has left.</summary>
    public void End() => _watches.EndAll();

    /// <summary>The exception that the host threw, if an error of the call is that one.</summary>
    public Exception? OriginalOf(ErrorBody error)
    {
        lock (_thrown)
            return error.Request != 0 ? _thrown.FirstOrDefault(thrown => thrown.Request == error.Request).Error : null;
    }

    private void Remember(long request, Exception error)
    {
        lock (_thrown)
        {
            if (_thrown.Count == MostThrown)
                _thrown.Dequeue();
            _thrown.Enqueue((request, error));
        }
    }
}
