namespace Actors.Loading.Processes;

/// <summary>When a plugin's process is started again. Pure.</summary>
internal static class PluginRestart
{
    private const int LongestSeconds = 60;

    /// <summary>How long to wait after its end.</summary>
    /// <param name="faultsInARow">How many faults it has had without a success in between, this one included.</param>
    public static TimeSpan Delay(int faultsInARow) =>
        TimeSpan.FromSeconds(Math.Min(LongestSeconds, 1 << Math.Clamp(faultsInARow - 1, 0, 10)));
}
