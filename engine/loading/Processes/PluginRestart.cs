using Actors.Loading.Containment;

namespace Actors.Loading.Processes;

/// <summary>When a plugin's process is started again. Pure.</summary>
internal static class PluginRestart
{
    private const int LongestSeconds = 60;

    /// <summary>How long to wait after its end.</summary>
    /// <param name="health">What has happened without a success in between, this end included.</param>
    public static TimeSpan Delay(Health health) =>
        TimeSpan.FromSeconds(Math.Min(LongestSeconds, 1 << Math.Clamp(health.InARow + health.Kills - 1, 0, 10)));
}
