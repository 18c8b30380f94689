namespace Actors.Sim.Studies;

/// <summary>What a run measured over time, as averages over intervals.</summary>
/// <param name="Interval">The length of an interval.</param>
/// <param name="Length">How many intervals there are.</param>
/// <param name="Values">The values by domain (the empty name is the host) and kind; NaN while a domain does not exist.</param>
internal sealed record RunSeries(TimeSpan Interval, int Length, IReadOnlyDictionary<(string Domain, SeriesKind Kind), double[]> Values)
{
    /// <summary>dom0's name.</summary>
    public const string Dom0 = "Domain-0";

    /// <summary>The values, or <see langword="null"/> if there are none.</summary>
    public double[]? Of(string domain, SeriesKind kind) => Values.GetValueOrDefault((domain, kind));
}
