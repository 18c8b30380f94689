namespace Actors.Chains.Scripts.Running;

/// <summary>Runs the continuations of one run on the thread that takes its turn, and nowhere else.</summary>
internal sealed class ScriptContext : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Work, object? State)> _ready = new();

    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (_ready)
            _ready.Enqueue((d, state));
    }

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Begins work, and runs what follows until nothing is left.</summary>
    public void Run(Action begin)
    {
        var outer = Current;
        SetSynchronizationContext(this);
        try
        {
            begin();
            while (Next() is { } next)
                next.Work(next.State);
        }
        finally
        {
            SetSynchronizationContext(outer);
        }
    }

    private (SendOrPostCallback Work, object? State)? Next()
    {
        lock (_ready)
            return _ready.TryDequeue(out var next) ? next : null;
    }
}
