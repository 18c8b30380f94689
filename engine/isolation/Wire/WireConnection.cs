using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Actors.Isolation.Messages;

namespace Actors.Isolation.Wire;

/// <summary>
/// One end of the connection between the daemon and a child. Both ends send requests, which are answered in any order. The thread that calls
/// <see cref="Run"/> reads; handlers begin on it and must not block it.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without a wait handle holds nothing.")]
internal sealed class WireConnection
{
    /// <summary>A peer with more requests at once is not followed any further.</summary>
    public const int MaxRequests = 4096;

    private readonly ConcurrentDictionary<long, TaskCompletionSource<Frame>> _sent = new();
    private readonly ConcurrentDictionary<long, CancellationTokenSource> _received = new();

    // Half of what the peer allows, so that requests that wait for long leave room for others.
    private readonly SemaphoreSlim _turns = new(MaxRequests / 2);

    private readonly Lock _gate = new();
    private readonly FrameWriter _writer;
    private readonly Stream _input;
    private Exception? _ended;
    private long _numbers;

    /// <param name="input">The pipe to read from.</param>
    /// <param name="output">The pipe to write to.</param>
    public WireConnection(Stream input, SafeHandle output) => (_input, _writer) = (input, new FrameWriter(output, why => Broken?.Invoke(why)));

    /// <summary>Answers a request with the body of the reply. An exception becomes an error frame.</summary>
    public required Func<Frame, CancellationToken, ValueTask<ReadOnlyMemory<byte>>> Answer { get; init; }

    /// <summary>Handles a notice.</summary>
    public required Action<Frame> Notice { get; init; }

    /// <summary>Describes an exception for the peer.</summary>
    public Func<Exception, ErrorBody> Describe { get; init; } = error => new ErrorBody { Kind = ErrorKind.Other, Type = error.GetType().Name, Message = error.Message };

    /// <summary>Makes an exception of an error of the peer.</summary>
    public Func<ErrorBody, Exception> Restore { get; init; } = error => new RemoteException(error);

    /// <summary>Called, on any thread, when the peer does not read what is sent or breaks the protocol in a request.</summary>
    public Action<string>? Broken { get; init; }

    /// <summary>Reads until the stream ends or the peer breaks the protocol. Then every request that waits fails with <paramref name="lost"/>.</summary>
    /// <returns>What the peer did wrong; <see langword="null"/> when the stream simply ended.</returns>
    public WireException? Run(Func<Exception> lost)
    {
        WireException? problem = null;
        try
        {
            while (Frame.Read(_input) is { } frame)
                Handle(frame);
        }
        catch (WireException error)
        {
            problem = error;
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // The pipe is closed, as at the end of the stream.
        }
        _writer.Close();
        var why = lost();
        lock (_gate)
            _ended = why;
        foreach (var number in _sent.Keys)
        {
            if (_sent.TryRemove(number, out var waiting))
                waiting.TrySetException(why);
        }
        foreach (var request in _received.Values)
            Cancel(request);
        return problem;
    }

    /// <summary>Sends a request and waits for its reply. After a cancellation, it still waits: the peer decides when the request ends.</summary>
    /// <param name="verb">What is requested.</param>
    /// <param name="body">The body.</param>
    /// <param name="numbered">Receives the number of the request before it is sent.</param>
    /// <param name="cancellation">Sends a cancellation to the peer.</param>
    public async Task<Frame> RequestAsync(Verb verb, ReadOnlyMemory<byte> body, Action<long> numbered, CancellationToken cancellation)
    {
        var waiting = new TaskCompletionSource<Frame>(TaskCreationOptions.RunContinuationsAsynchronously);
        var number = Interlocked.Increment(ref _numbers);
        var frame = new Frame(FrameKind.Request, verb, number, body).Encode();
        numbered(number);
        lock (_gate)
        {
            if (_ended is { } ended)
                throw ended;
            _sent[number] = waiting;
        }
        _writer.Write(frame);
        using (cancellation.UnsafeRegister(_ => _writer.Write(new Frame(FrameKind.Cancel, Verb.None, number, default).Encode()), null))
        {
            var reply = await waiting.Task;
            return reply.Kind == FrameKind.Reply ? reply : throw Restore(Body.Read(reply, WireJson.Default.ErrorBody));
        }
    }

    /// <summary>Sends a request like <see cref="RequestAsync"/>, once few of the requests that were sent in this way have no reply.</summary>
    public async Task<Frame> RequestInTurnAsync(Verb verb, ReadOnlyMemory<byte> body, Action<long> numbered, CancellationToken cancellation)
    {
        await _turns.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await RequestAsync(verb, body, numbered, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _turns.Release();
        }
    }

    /// <summary>Sends a notice and never waits.</summary>
    public void Send(Verb verb, ReadOnlyMemory<byte> body) => _writer.Write(new Frame(FrameKind.Notice, verb, 0, body).Encode());

    /// <summary>Sends a notice. A sender that is faster than the peer reads waits.</summary>
    public void SendInTurn(Verb verb, ReadOnlyMemory<byte> body) => _writer.WriteInTurn(new Frame(FrameKind.Notice, verb, 0, body).Encode());

    private void Handle(Frame frame)
    {
        switch (frame.Kind)
        {
            case FrameKind.Request:
                if (_received.Count >= MaxRequests)
                    throw new WireException($"it made more than {MaxRequests} requests at once");
                var source = new CancellationTokenSource();
                if (!_received.TryAdd(frame.Number, source))
                    throw new WireException($"it used the number {frame.Number} for two requests at once");
                _ = AnswerAsync(frame, source);
                break;
            case FrameKind.Reply or FrameKind.Error:
                // A number that no request has is an answer that came twice.
                if (!_sent.TryRemove(frame.Number, out var waiting))
                    throw new WireException($"it answered the request {frame.Number}, which does not wait for an answer");
                waiting.TrySetResult(frame);
                break;
            case FrameKind.Cancel:
                if (_received.TryGetValue(frame.Number, out var request))
                    Cancel(request);
                break;
            default:
                Notice(frame);
                break;
        }
    }

    private async Task AnswerAsync(Frame request, CancellationTokenSource source)
    {
        byte[] answer;
        try
        {
            answer = new Frame(FrameKind.Reply, Verb.None, request.Number, await Answer(request, source.Token)).Encode();
        }
        catch (Exception error)
        {
            if (error is WireException)
                Broken?.Invoke(error.Message);
            answer = new Frame(FrameKind.Error, Verb.None, request.Number, Body.Of(Describe(error), WireJson.Default.ErrorBody)).Encode();
        }
        _received.TryRemove(request.Number, out _);
        _writer.Write(answer);
    }

    // Callbacks are foreign code in a child, and may take long or throw.
    private static void Cancel(CancellationTokenSource request) => ThreadPool.UnsafeQueueUserWorkItem(static source =>
    {
        try
        {
            source.Cancel();
        }
        catch (AggregateException)
        {
            // What a callback throws concerns the code that registered it.
        }
    }, request, preferLocal: false);
}
