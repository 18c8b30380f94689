using System.Globalization;
using System.Text.RegularExpressions;
using Actors.Sdk;

namespace Actors.Balloon;

/// <summary>What a guest reports about its own memory. A guest can write anything, so every figure is bounded by <see cref="Total"/>. Pure.</summary>
/// <param name="Total">The memory that the guest's kernel manages now.</param>
/// <param name="Available">What it can give up without swapping.</param>
internal sealed partial record GuestReport(Kib Total, Kib Available)
{
    /// <summary>The text of <c>/proc/meminfo</c> (xenballoond), or one number: the KiB in use (the meminfo-writer of Qubes).</summary>
    public const string Meminfo = "memory/meminfo";

    /// <summary>One line of <c>name=number</c> in KiB; <c>full</c>, the time in which all tasks waited for memory, is in microseconds.</summary>
    public const string Pressure = "memory/pressure";

    // A value in xenstore has at most 4096 bytes; an honest guest needs far less.
    private const int MaxText = 4096;

    /// <summary>The anonymous memory that its tasks have requested, whether they use it or not.</summary>
    public Kib? Committed { get; private init; }

    /// <summary>What its kernel holds and cannot give up.</summary>
    public Kib? Kernel { get; private init; }

    public Kib? SwapTotal { get; private init; }

    public Kib? SwapFree { get; private init; }

    /// <summary>For how long all tasks have waited for memory since the guest booted.</summary>
    public TimeSpan? Stalled { get; private init; }

    /// <summary>What the guest uses and cannot give up.</summary>
    public Kib Used => Total - Available;

    /// <summary>Reads the reports of a guest.</summary>
    /// <param name="meminfo">The value of <see cref="Meminfo"/>.</param>
    /// <param name="pressure">The value of <see cref="Pressure"/>.</param>
    /// <param name="populated">The memory of the guest, as the hypervisor reports it.</param>
    /// <returns>The report; <see langword="null"/> if neither value says how much is available.</returns>
    public static GuestReport? Parse(string? meminfo, string? pressure, Kib populated)
    {
        if (Number(meminfo) is { } used)
            return new GuestReport(populated, populated - Kib.Min(new Kib(used), populated));
        var lines = Figures(MeminfoLine(), meminfo);
        var fields = Figures(PressureField(), pressure);
        Kib? Amount(string line, string? field) =>
            fields.TryGetValue(field ?? "", out var value) || lines.TryGetValue(line, out value) ? new Kib(value) : null;
        if (Amount("MemTotal", "total") is not { } total || Amount("MemAvailable", "avail") is not { } available)
            return null;
        total = Kib.Min(total, populated);
        var swap = Amount("SwapTotal", "swap");
        return new GuestReport(total, Kib.Min(available, total))
        {
            Committed = Amount("Committed_AS", "committed"),
            Kernel = Amount("SUnreclaim", null) is { } kernel ? Kib.Min(kernel, total) : null,
            SwapTotal = swap,
            SwapFree = Amount("SwapFree", "swapfree") is { } free && swap is { } most ? Kib.Min(free, most) : null,
            Stalled = fields.TryGetValue("full", out var microseconds) ? TimeSpan.FromMicroseconds(microseconds) : null,
        };
    }

    private static Dictionary<string, long> Figures(Regex grammar, string? text) => text is null or { Length: > MaxText } ? []
        : grammar.Matches(text).GroupBy(match => match.Groups["name"].Value)
            .ToDictionary(group => group.Key, group => Number(group.First().Groups["amount"].Value) ?? 0);

    private static long? Number(string? text) =>
        text is { Length: > 0 and <= 15 } && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    [GeneratedRegex(@"^(?<name>[A-Za-z_]{1,32}): *(?<amount>[0-9]{1,15}) kB\s*$", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex MeminfoLine();

    [GeneratedRegex(@"(?<=^| )(?<name>[a-z]{1,32})=(?<amount>[0-9]{1,15})(?= |\z)", RegexOptions.ExplicitCapture)]
    private static partial Regex PressureField();
}
