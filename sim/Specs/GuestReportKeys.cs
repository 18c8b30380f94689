namespace Actors.Sim.Specs;

/// <summary>The keys in which a guest reports on its memory. The toolstack creates them and gives them to the guest.</summary>
internal static class GuestReportKeys
{
    /// <summary>The text of /proc/meminfo, as xenballoond copies it.</summary>
    public const string Meminfo = "memory/meminfo";

    /// <summary>One line of <c>key=decimal</c>, as an agent of ours writes it.</summary>
    public const string Pressure = "memory/pressure";

    public static readonly IReadOnlyList<string> All = [Meminfo, Pressure];
}
