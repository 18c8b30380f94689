using System.Runtime.InteropServices;

namespace Actors.Isolation.Wire;

/// <summary>
/// Writes frames to a pipe and never blocks its caller: what the pipe does not take at once is queued, and written by a thread that lives
/// only as long. A peer that reads nothing is found out by the size of the queue.
/// </summary>
internal sealed class FrameWriter
{
    private const int MaxQueued = 8 << 20;
    private const int QueuedAtLeisure = 64 << 10;

    private readonly Lock _gate = new();
    private readonly SafeHandle _pipe;
    private readonly Action<string> _broken;
    private readonly Queue<ReadOnlyMemory<byte>> _queue = new();
    private int _queued;

    // How much of the first frame in the queue is written.
    private int _begun;

    private volatile bool _closed;

    /// <param name="pipe">The end of the pipe to write to. It is made non-blocking.</param>
    /// <param name="broken">Called once, on any thread, when the peer does not read any more; the argument says why.</param>
    public FrameWriter(SafeHandle pipe, Action<string> broken)
    {
        (_pipe, _broken) = (pipe, broken);
        Pipe.MakeNonBlocking(pipe);
    }

    /// <summary>Writes an encoded frame. After the pipe is closed, this does nothing.</summary>
    public void Write(byte[] bytes)
    {
        string? problem = null;
        lock (_gate)
        {
            if (_closed)
                return;
            if (_queue.Count > 0)
            {
                problem = Enqueue(bytes);
            }
            else
            {
                var (written, error) = Pipe.Write(_pipe, bytes);
                if (error is not null)
                    problem = Close(error);
                else if (written < bytes.Length)
                    problem = Enqueue(bytes.AsMemory(written));
            }
        }
        if (problem is not null)
            _broken(problem);
    }

    /// <summary>Writes an encoded frame once little is queued. A caller that writes faster than the peer reads waits here.</summary>
    public void WriteInTurn(byte[] bytes)
    {
        while (Volatile.Read(ref _queued) > QueuedAtLeisure && !_closed)
            Pipe.WaitWritable(_pipe);
        Write(bytes);
    }

    /// <summary>Closes the pipe. What is still queued is dropped.</summary>
    public void Close()
    {
        lock (_gate)
            Close("");
    }

    private string? Enqueue(ReadOnlyMemory<byte> bytes)
    {
        if (_queued + bytes.Length > MaxQueued)
            return Close($"it has not read its input: {_queued} bytes wait");
        _queue.Enqueue(bytes);
        _queued += bytes.Length;
        if (_queue.Count == 1)
            new Thread(Flush) { IsBackground = true, Name = "writes to a child" }.Start();
        return null;
    }

    private void Flush()
    {
        string? problem = null;
        while (problem is null)
        {
            Pipe.WaitWritable(_pipe);
            lock (_gate)
            {
                if (_closed || !_queue.TryPeek(out var next))
                    return;
                var (written, error) = Pipe.Write(_pipe, next.Span[_begun..]);
                problem = error is null ? null : Close(error);
                Volatile.Write(ref _queued, _queued - written);
                _begun += written;
                if (_begun < next.Length)
                    continue;
                _begun = 0;
                _queue.Dequeue();
                if (_queue.Count == 0)
                    return;
            }
        }
        _broken(problem);
    }

    private string Close(string why)
    {
        if (!_closed)
        {
            _closed = true;
            _queue.Clear();
            _pipe.Dispose();
        }
        return why;
    }
}
