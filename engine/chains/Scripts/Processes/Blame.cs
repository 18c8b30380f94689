using Actors.Isolation.Processes;

namespace Actors.Chains.Scripts.Processes;

/// <summary>The scripts that may have ended a process.</summary>
/// <param name="Suspects">The scripts.</param>
/// <param name="IsCertain">Whether nothing else can have ended it.</param>
internal sealed record Blame(IReadOnlySet<HostedScript> Suspects, bool IsCertain)
{
    private static readonly Blame Nobody = new(new HashSet<HostedScript>(), IsCertain: false);

    /// <summary>Decides who may have ended a process. Pure.</summary>
    /// <param name="end">How it ended.</param>
    /// <param name="running">The script whose turn ran; <see langword="null"/> if none did.</param>
    /// <param name="alive">The other scripts that had a run in it.</param>
    /// <param name="loaded">How many scripts were ever loaded into it.</param>
    /// <param name="abandoned">The script for which the daemon killed it, because it did not stop when it was cancelled.</param>
    public static Blame For(EndOfProcess end, HostedScript? running, IEnumerable<HostedScript> alive, int loaded, HostedScript? abandoned)
    {
        if (abandoned is not null)
            return new Blame(new HashSet<HostedScript> { abandoned }, IsCertain: true);
        if (end.ByOthers || end.Killed is not null)
            return Nobody;
        // When memory runs out, any run may hold it. When no turn ran, something that a run left behind may have ended it.
        var suspects = running is not null && !end.RanOutOfMemory ? [running] : alive.ToHashSet();
        if (running is not null)
            suspects.Add(running);
        return new Blame(suspects, IsCertain: suspects.Count == 1 && loaded == 1);
    }
}
