using Actors.Loading.LoadContexts;

namespace Actors.Loading.Reload;

/// <summary>Proves that an unloaded plugin is gone from memory.</summary>
internal static class UnloadProof
{
    private const int Rounds = 20;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan FinalizersAtMost = TimeSpan.FromSeconds(1);

    /// <summary>The usual reasons why a plugin stays in memory, for messages.</summary>
    public const string LikelyCauses =
        "likely a thread or endless loop that keeps running, a subscription to a static event or to AppDomain.ProcessExit that was not undone, a GCHandle "
        + "that was not freed, or JsonSerializer or TypeDescriptor used by reflection on its own types; see docs/plugins.md";

    public static async Task<bool> IsGoneAsync(UnloadedPlugin unloaded, TimeProvider time, CancellationToken hurry)
    {
        for (var round = 0; round < Rounds && !unloaded.IsGone && !hurry.IsCancellationRequested; round++)
        {
            // A method that has just returned may still be on a stack.
            await Task.Delay(Pause, time, CancellationToken.None);
            Collect();
        }
        return unloaded.IsGone;
    }

    /// <summary>Collects garbage. An unloaded context needs finalizers to run; a plugin's own may hang, so they run on a thread of their own, for a moment.</summary>
    public static void Collect()
    {
        GC.Collect();
        var finalizers = new Thread(GC.WaitForPendingFinalizers) { IsBackground = true, Name = "finalizers" };
        finalizers.Start();
        finalizers.Join(FinalizersAtMost);
        GC.Collect();
    }
}
