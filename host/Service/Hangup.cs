using System.Runtime.InteropServices;
using Actors.Sdk;

namespace Actors.Host.Service;

/// <summary>SIGHUP: the files are looked at again (<c>systemctl reload</c>).</summary>
internal sealed class Hangup : IDisposable
{
    private readonly PosixSignalRegistration _signal;

    public Hangup(Func<Task> reload, IActorLog log) => _signal = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
    {
        context.Cancel = true;
        _ = ReloadAsync(reload, log);
    });

    public void Dispose() => _signal.Dispose();

    private static async Task ReloadAsync(Func<Task> reload, IActorLog log)
    {
        try
        {
            await reload();
        }
        catch (Exception error)
        {
            log.Warn($"not reloaded: {error.Message}");
        }
    }
}
