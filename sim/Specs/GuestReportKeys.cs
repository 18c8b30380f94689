namespace Actors.Sim.Specs;

/// <summary>The keys in which a guest reports on its memory. The toolstack creates them and gives them to the guest.</summary>
internal static class GuestReportKeys
{
    /// <summary>The text of /proc/meminfo, as xenballoond copies it, or one number: the used memory in KiB, as Qubes 4 writes it.</summary>
    public const string Meminfo = "memory/meminfo";

    /// <summary>One line of <c>key=decimal</c>, as an agent of ours writes it.</summary>
    public const string Pressure = "memory/pressure";

    /// <summary>The keys that a guest writes.</summary>
    public static IReadOnlyList<string> Of(GuestSpec guest) => guest.Reports?.Writer switch
    {
        ReportWriter.Agent => [Meminfo, Pressure],
        ReportWriter.Qubes => [Meminfo],
        _ => [],
    };
}
