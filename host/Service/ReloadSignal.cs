using System.Runtime.InteropServices;
using Actors.Sdk;

namespace Actors.Host.Service;

/// <summary>Reloads plugins, policies and the classes of domains on SIGHUP (<c>systemctl reload</c>).</summary>
internal sealed class ReloadSignal : IDisposable
{
    private readonly PosixSignalRegistration _signal;

    public ReloadSignal(Func<Task> reload, IActorLog log) => _signal = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
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
            log.Warn($"reload failed: {error.Message}");
        }
    }
}
