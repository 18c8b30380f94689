using Actors.Sdk;

namespace Actors.Loading.Containment;

/// <summary>The log of actors about one domain: a few lines a second, each fit for a terminal.</summary>
internal sealed class ContainedLog(IActorLog log, TimeProvider time) : IActorLog
{
    private const int LinesPerSecond = 20;

    private readonly Lock _gate = new();
    private RateLimit _rate = new(LinesPerSecond);

    public void Debug(string message) => Write(log.Debug, message);

    public void Info(string message) => Write(log.Info, message);

    public void Warn(string message) => Write(log.Warn, message);

    private void Write(Action<string> write, string message)
    {
        using var host = ExecutionSlot.EnterHost();
        lock (_gate)
        {
            _rate = _rate.Next(time.GetUtcNow().ToUnixTimeSeconds());
            if (!_rate.Open)
                return;
            if (_rate.Dropped > 0)
                log.Warn($"… {_rate.Dropped} lines were dropped: an actor writes more than {LinesPerSecond} a second");
            _rate = _rate with { Dropped = 0 };
            write(OutcomeCheck.Plain(message));
        }
    }
}
