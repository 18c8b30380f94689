namespace Actors.Loading.Markers;

/// <summary>What follows from the markers of a daemon that has ended. Pure.</summary>
internal static class MarkerRules
{
    /// <summary>The markers at the start of the next daemon. What is left out stays so; what was not in progress has no death in a row.</summary>
    /// <param name="before">The markers of the daemon that has ended without being stopped.</param>
    /// <param name="died">Whether it died. Otherwise the whole machine went down.</param>
    public static IReadOnlyList<WorkMarker> AtStart(IEnumerable<WorkMarker> before, bool died) =>
    [
        .. before.Select(marker => marker with { Active = 0, Deaths = DeathsOf(marker, died) }).Where(marker => marker.Deaths > 0),
    ];

    /// <summary>The reports about a daemon that has ended, each with the plugin.</summary>
    public static IEnumerable<(string Plugin, string Text)> Reports(IEnumerable<WorkMarker> before, bool died) =>
        from marker in before
        where died && marker.Active > 0 && !marker.IsLeftOut
        let after = DeathsOf(marker, died)
        select (marker.Plugin, after < WorkMarker.DeathsAllowed
            ? $"the previous daemon died while it was {marker.Description} in its own process; if the next one does so too, the plugin is left out"
            : LeftOut(marker with { Deaths = after }));

    /// <summary>Why a plugin is left out, and what to do.</summary>
    public static string LeftOut(WorkMarker marker) =>
        $"it is left out, because {marker.Deaths} daemons in a row died while they were {marker.Description} in their own process; "
        + $"it is loaded again when its files change, or with 'actors plugin reload {marker.Plugin}'";

    private static int DeathsOf(WorkMarker marker, bool died) => marker.IsLeftOut || !died ? marker.Deaths : marker.Active > 0 ? marker.Deaths + 1 : 0;
}
