using System.Globalization;
using Actors.Sdk;
using Actors.Sim.Recordings;

namespace Actors.Host.Recordings;

/// <summary>What guests write about their memory. A guest can write anything, so no amount is above what the hypervisor reports.</summary>
internal static class GuestReportText
{
    /// <summary>The text of <c>/proc/meminfo</c> (xenballoond), or one number: the KiB in use (the meminfo-writer of Qubes).</summary>
    public const string Meminfo = "memory/meminfo";

    /// <summary>One line of <c>name=number</c>, in KiB.</summary>
    public const string Pressure = "memory/pressure";

    // A value in xenstore has at most 4096 bytes.
    private const int MostText = 4096;

    /// <summary>Reads a report; <see langword="null"/> if neither value says how much is available.</summary>
    /// <param name="meminfo">The value of <see cref="Meminfo"/>.</param>
    /// <param name="pressure">The value of <see cref="Pressure"/>.</param>
    /// <param name="populated">The memory of the guest, as the hypervisor reports it.</param>
    public static RecordedReport? Parse(string? meminfo, string? pressure, Kib populated)
    {
        if (Number(meminfo) is { } used)
            return new RecordedReport(populated, populated - Kib.Min(new Kib(used), populated));
        var (lines, fields) = (Figures(meminfo, '\n', ":"), Figures(pressure, ' ', "="));
        Kib? Amount(string line, string field) => fields.TryGetValue(field, out var value) || lines.TryGetValue(line, out value) ? new Kib(value) : null;
        if (Amount("MemTotal", "total") is not { } total || Amount("MemAvailable", "avail") is not { } available)
            return null;
        total = Kib.Min(total, populated);
        return new RecordedReport(total, Kib.Min(available, total))
        {
            Cached = Within(Amount("Cached", "cached"), total),
            Kernel = Within(Amount("SUnreclaim", "kernel"), total),
            Committed = Amount("Committed_AS", "committed"),
            SwapTotal = Amount("SwapTotal", "swap"),
            SwapFree = Amount("SwapFree", "swapfree"),
        };
    }

    private static Kib? Within(Kib? amount, Kib most) => amount is { } kib ? Kib.Min(kib, most) : null;

    private static Dictionary<string, long> Figures(string? text, char between, string after)
    {
        var figures = new Dictionary<string, long>();
        foreach (var part in text is null or { Length: > MostText } ? [] : text.Split(between))
            if (part.IndexOf(after, StringComparison.Ordinal) is > 0 and var at && Number(part[(at + 1)..].Replace("kB", "", StringComparison.Ordinal).Trim()) is { } kib)
                figures.TryAdd(part[..at], kib);
        return figures;
    }

    private static long? Number(string? text) =>
        text is { Length: > 0 and <= 15 } && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
}
