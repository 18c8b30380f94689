using System.Text;
using System.Threading.Tasks.Sources;
using Actors.XenStore.Protocol;

namespace Actors.XenStore.Client;

/// <summary>A request in flight: from when it is made until its reply has been taken off the connection.</summary>
internal abstract class Request
{
    public uint Id { get; set; }

    /// <summary>The number of the send that it leaves with.</summary>
    public long SendNumber { get; set; }

    public Query Query { get; protected set; }

    public abstract void Complete(in Message reply);

    /// <summary>The connection is lost. Continuations do not run here: they could block the failing of the others.</summary>
    public abstract void Abandon(XenStoreConnectionException failure);
}

/// <summary>Makes an answer of a reply's payload.</summary>
internal delegate T ReplyParser<out T>(ReadOnlySpan<byte> payload);

/// <summary>
/// A request with its answer: the source of the caller's <see cref="ValueTask"/>, used again when that has been awaited and the
/// reply has come. One that was cancelled is not used again, since its reply is still to come.
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

    /// <param name="query">What to ask.</param>
    /// <param name="parser">Reads the reply, on the reader's thread.</param>
    /// <param name="absentIsDefault">Whether ENOENT is the answer's default, and no failure.</param>
    /// <param name="cancellation">Stops waiting.</param>
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
        _core.SetResult(answer);
    }

    public override void Abandon(XenStoreConnectionException failure)
    {
        if (Settle())
            FailElsewhere(failure);
    }

    /// <summary>It was never put on a connection, and nobody awaits it.</summary>
    public void Withdraw()
    {
        _cancellation.Dispose();
        if (Settle())
            Reuse();
    }

    /// <summary>Nobody awaits the answer, whatever it is.</summary>
    public async void Ignore()
    {
        try
        {
            await Done.ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is XenStoreException or XenStoreConnectionException)
        {
            // That is what ignoring means.
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
        // Waits for a cancellation that is running, so that none can reach the request's next use.
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
        var name = Encoding.ASCII.GetString(payload.TrimEnd((byte)0));
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
