using System.Runtime.InteropServices;

namespace Actors.Cli;

/// <summary>SIGTERM and SIGINT. The first one requests the end. Another one, unless it comes at once, or the time limit ends the program.</summary>
internal sealed class StopSignals : IDisposable
{
    // The daemon has a shorter limit of its own.
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);

    // Programs such as timeout send a signal to the process and then to its group.
    private static readonly TimeSpan SameRequest = TimeSpan.FromSeconds(1);

    private long _first;

    private readonly CancellationTokenSource _requested = new();
    private readonly PosixSignalRegistration[] _signals;

    public StopSignals() => _signals = [PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle), PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle)];

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Requested => _requested.Token;

    public void Dispose()
    {
        foreach (var signal in _signals)
            signal.Dispose();
        _requested.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        var status = context.Signal == PosixSignal.SIGINT ? 130 : 143;
        if (Interlocked.CompareExchange(ref _first, TimeProvider.System.GetTimestamp(), 0) is not 0 and var first)
        {
            if (context.Signal == PosixSignal.SIGINT || TimeProvider.System.GetElapsedTime(first) > SameRequest)
                Environment.Exit(status);
            return;
        }
        _ = ExitAsync(status);
        _requested.Cancel();
    }

    private static async Task ExitAsync(int status)
    {
        await Task.Delay(StopLimit, TimeProvider.System).ConfigureAwait(false);
        Environment.Exit(status);
    }
}
