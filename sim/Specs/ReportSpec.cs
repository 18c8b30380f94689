namespace Actors.Sim.Specs;

/// <summary>How a guest reports on its memory in xenstore.</summary>
internal sealed record ReportSpec
{
    /// <summary>How often Qubes' writer looks at the guest's memory.</summary>
    public static readonly TimeSpan QubesLooks = TimeSpan.FromMilliseconds(100);

    /// <summary>How often it looks, and writes unless the writer has thresholds.</summary>
    public required TimeSpan Every { get; init; }

    public ReportWriter Writer { get; init; } = ReportWriter.Agent;

    /// <summary>What the guest reports as used, as a multiple of the truth: it lies when this is not 1.</summary>
    public double Factor { get; init; } = 1;
}

/// <summary>The program in a guest that reports.</summary>
internal enum ReportWriter
{
    /// <summary>An agent of ours: the text of /proc/meminfo, and pressure, at each interval.</summary>
    Agent,

    /// <summary>The meminfo-writer of Qubes: the used memory as one number, when it changed by more than its thresholds.</summary>
    Qubes,
}
