using System.Text;
using System.Threading.Tasks.Sources;
using Actors.XenStore.Protocol;

namespace Actors.XenStore.Client;

/// <summary>A request in flight, from its creation until its reply was received.</summary>
internal abstract class Request
{
    public uint Id { get; set; }

    /// <summary>The number of the send that includes the request.</summary>
    public long SendNumber { get; set; }

    public Query Query { get; protected set; }

    public abstract void Complete(in Message reply);

    /// <summary>Fails the request because the connection is lost. Continuations do not run here, because they could delay the failure of the others.</summary>
    public abstract void Abandon(Exception failure);
}

/// <summary>Parses the payload of a reply.</summary>
internal delegate T ReplyParser<out T>(ReadOnlySpan<byte> payload);

/// <summary>
/// A request with its result. It is the source of the caller's <see cref="ValueTask"/>, and is reused after that was awaited and the
/// reply has arrived. A cancelled request is not reused, because its reply will still arrive.
/// </summary>
internal sealed class Request<T> : Request, IValueTaskSource<T>, IValueTaskSource
{
    private ManualResetValueTaskSourceCore<T> _core;
    private CancellationTokenRegistration _cancellation;
    private ReplyParser<T> _parser = null!;
    private bool _absentIsDefault;
    private int _settled;

    private Request()
    {
    }

    public ValueTask<T> Answer => new(this, _core.Version);

    public ValueTask Done => new(this, _core.Version);

    /// <param name="query">The content of the request.</param>
    /// <param name="parser">Parses the reply on the reader's thread.</param>
    /// <param name="absentIsDefault">Whether ENOENT results in the default value instead of an exception.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    public static Request<T> Make(in Query query, ReplyParser<T> parser, bool absentIsDefault, CancellationToken cancellation)
    {
        var request = Pool<Request<T>>.Take() ?? new Request<T>();
        request.Query = query;
        request._parser = parser;
        request._absentIsDefault = absentIsDefault;
        request._settled = 0;
        if (cancellation.CanBeCanceled)
            request._cancellation = cancellation.UnsafeRegister(static (state, token) => ((Request<T>)state!).Cancel(token), request);
        return request;
    }

    public override void Complete(in Message reply)
    {
        if (!Settle())
            return;
        T answer;
        try
        {
            answer = reply.Type == MessageType.Error ? AnswerOfError(reply.Payload) : _parser(reply.Payload);
        }
        catch (XenStoreException failure)
        {
            _core.SetException(failure);
            return;
        }
        catch (MalformedReplyException malformed)
        {
            _core.SetException(new XenStoreProtocolException(malformed.Message, Query.Description));
            return;
        }
        _core.SetResult(answer);
    }

    public override void Abandon(Exception failure)
    {
        if (Settle())
            FailElsewhere(failure);
    }

    /// <summary>Discards a request that was never added to a connection and that no caller awaits.</summary>
    public void Withdraw()
    {
        _cancellation.Dispose();
        if (Settle())
            Reuse();
    }

    /// <summary>Ignores the reply.</summary>
    public async void Ignore()
    {
        try
        {
            await Done.ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is XenStoreException or XenStoreConnectionException or XenStoreProtocolException)
        {
            // No caller is interested in the result.
        }
    }

    T IValueTaskSource<T>.GetResult(short token) => Take(token);

    void IValueTaskSource.GetResult(short token) => Take(token);

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private T Take(short token)
    {
        var reusable = _core.GetStatus(token) is ValueTaskSourceStatus.Succeeded or ValueTaskSourceStatus.Faulted;
        // Waits for a running cancellation, so that it cannot affect the next use of this object.
        _cancellation.Dispose();
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            if (reusable)
                Reuse();
        }
    }

    private void Reuse()
    {
        _core.Reset();
        _core.RunContinuationsAsynchronously = false;
        _cancellation = default;
        Query = default;
        Pool<Request<T>>.Return(this);
    }

    private T AnswerOfError(ReadOnlySpan<byte> payload)
    {
        if (payload is not [(byte)'E', .., 0] || payload[..^1].ContainsAnyExcept(ErrorNames.Letters))
            throw new MalformedReplyException($"the daemon sent an error of {payload.Length} bytes that is not a name");
        var name = Encoding.ASCII.GetString(payload[..^1]);
        var error = ErrorNames.FromName(name);
        if (error == XenStoreError.NotFound && _absentIsDefault)
            return default!;
        throw new XenStoreException(error, name, Query.Description);
    }

    private void Cancel(CancellationToken token)
    {
        if (Settle())
            FailElsewhere(new OperationCanceledException(token));
    }

    private void FailElsewhere(Exception failure)
    {
        _core.RunContinuationsAsynchronously = true;
        _core.SetException(failure);
    }

    private bool Settle() => Interlocked.Exchange(ref _settled, 1) == 0;
}
