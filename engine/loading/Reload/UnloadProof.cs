using Actors.Loading.LoadContexts;

namespace Actors.Loading.Reload;

/// <summary>Proves that an unloaded plugin is gone from memory.</summary>
internal static class UnloadProof
{
    private const int Rounds = 20;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan FinalizersAtMost = TimeSpan.FromSeconds(1);

    /// <summary>What usually keeps one alive, for a person.</summary>
    public const string LikelyCauses =
        "likely a thread or endless loop that goes on, a subscription to a static event or to AppDomain.ProcessExit that is not undone, a GCHandle "
        + "that is not freed, or JsonSerializer or TypeDescriptor used by reflection on its own types; see docs/plugins.md";

    public static async Task<bool> IsGoneAsync(UnloadedPlugin unloaded, TimeProvider time, CancellationToken hurry)
    {
        for (var round = 0; round < Rounds && !unloaded.IsGone && !hurry.IsCancellationRequested; round++)
        {
            // What just returned may still stand on a stack.
            await Task.Delay(Pause, time, CancellationToken.None);
            Collect();
        }
        return unloaded.IsGone;
    }

    /// <summary>Lets what nobody holds go. An unloaded context goes through finalizers; a plugin's own may hang, so they get a moment on a thread of their own.</summary>
    public static void Collect()
    {
        GC.Collect();
        var finalizers = new Thread(GC.WaitForPendingFinalizers) { IsBackground = true, Name = "finalizers" };
        finalizers.Start();
        finalizers.Join(FinalizersAtMost);
        GC.Collect();
    }
}
