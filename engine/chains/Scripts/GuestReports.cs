using System.Globalization;
using System.Text.RegularExpressions;
using Actors.Scripting;
using Actors.Sdk;

namespace Actors.Chains.Scripts;

/// <summary>Reads what a guest reports about itself, strictly, and never above the maximum that it was built for.</summary>
internal static partial class GuestReports
{
    // A value in xenstore has at most 4096 bytes; an honest guest needs far less.
    private const int MaxText = 4096;

    public static async Task<GuestFigures> ReadAsync(IDomainStore store, Kib max, CancellationToken cancellation)
    {
        async Task<Kib?> KeyAsync(string key) => await store.ReadKibAsync(key, cancellation) is { } amount ? Kib.Min(amount, max) : null;

        var meminfo = await store.ReadAsync("memory/meminfo", cancellation);
        return Parse(meminfo, max) with
        {
            Actual = await KeyAsync("memory/actual"),
            Minimum = await KeyAsync("memory/minimum"),
            SelfTarget = await KeyAsync("memory/selftarget"),
        };
    }

    /// <summary>Parses the text of <c>/proc/meminfo</c>, which xenballoond copies.</summary>
    public static GuestFigures Parse(string? meminfo, Kib max)
    {
        if (meminfo is null || meminfo.Length > MaxText)
            return GuestFigures.Silent;
        var lines = Line().Matches(meminfo).GroupBy(match => match.Groups["name"].Value)
            .ToDictionary(group => group.Key, group => group.First().Groups["amount"].Value);
        Kib? Figure(string name) => lines.TryGetValue(name, out var text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var amount)
            ? Kib.Min(new Kib(amount), max)
            : null;
        return new GuestFigures { Total = Figure("MemTotal"), Free = Figure("MemFree"), Available = Figure("MemAvailable"), Committed = Figure("Committed_AS") };
    }

    [GeneratedRegex(@"^(?<name>[A-Za-z_]{1,32}): *(?<amount>[0-9]{1,15}) kB\s*$", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex Line();
}
