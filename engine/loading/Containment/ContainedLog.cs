using Actors.Sdk;

namespace Actors.Loading.Containment;

/// <summary>What actors say of one domain: a few lines a second, each fit for a terminal.</summary>
internal sealed class ContainedLog(IActorLog log, TimeProvider time) : IActorLog
{
    private const int LinesPerSecond = 20;

    private readonly Lock _gate = new();
    private Flood _flood = new(LinesPerSecond);

    public void Debug(string message) => Write(log.Debug, message);

    public void Info(string message) => Write(log.Info, message);

    public void Warn(string message) => Write(log.Warn, message);

    private void Write(Action<string> write, string message)
    {
        using var host = Slice.HostsOwn();
        lock (_gate)
        {
            _flood = _flood.More(time.GetUtcNow().ToUnixTimeSeconds());
            if (!_flood.Open)
                return;
            if (_flood.LeftOut > 0)
                log.Warn($"… {_flood.LeftOut} lines left out: an actor writes more than {LinesPerSecond} a second");
            _flood = _flood with { LeftOut = 0 };
            write(OutcomeCheck.Plain(message));
        }
    }
}
