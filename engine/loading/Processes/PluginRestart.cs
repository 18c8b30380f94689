using Actors.Loading.Containment;

namespace Actors.Loading.Processes;

/// <summary>When a plugin's process is started again. Pure.</summary>
internal static class PluginRestart
{
    // Faults end in a quarantine long before; only kills from outside go on, and they are not the plugin's fault.
    private const int LongestSeconds = 5;

    /// <summary>How long to wait after its end.</summary>
    /// <param name="health">What has happened without a success in between, this end included.</param>
    public static TimeSpan Delay(Health health) =>
        TimeSpan.FromSeconds(Math.Min(LongestSeconds, 1 << Math.Clamp(health.InARow + health.Kills - 1, 0, 10)));
}
