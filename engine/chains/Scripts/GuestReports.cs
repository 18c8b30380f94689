using System.Globalization;
using System.Text.RegularExpressions;
using Actors.Scripting;
using Actors.Sdk;

namespace Actors.Chains.Scripts;

/// <summary>Reads what a guest writes of itself: strictly, and never above what it was built for.</summary>
internal static partial class GuestReports
{
    // A page of xenstore is 4096 bytes; no honest guest comes near.
    private const int MostText = 4096;

    public static async Task<GuestFigures> ReadAsync(IDomainStore store, Kib most, CancellationToken cancellation)
    {
        async Task<Kib?> KeyAsync(string key) => await store.ReadKibAsync(key, cancellation) is { } amount ? Kib.Min(amount, most) : null;

        var meminfo = await store.ReadAsync("memory/meminfo", cancellation);
        return Parse(meminfo, most) with
        {
            Actual = await KeyAsync("memory/actual"),
            Minimum = await KeyAsync("memory/minimum"),
            SelfTarget = await KeyAsync("memory/selftarget"),
        };
    }

    /// <summary>The text of <c>/proc/meminfo</c>, which xenballoond copies.</summary>
    public static GuestFigures Parse(string? meminfo, Kib most)
    {
        if (meminfo is null || meminfo.Length > MostText)
            return GuestFigures.Silent;
        var lines = Line().Matches(meminfo).GroupBy(match => match.Groups["name"].Value)
            .ToDictionary(group => group.Key, group => group.First().Groups["amount"].Value);
        Kib? Figure(string name) => lines.TryGetValue(name, out var text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var amount)
            ? Kib.Min(new Kib(amount), most)
            : null;
        return new GuestFigures { Total = Figure("MemTotal"), Free = Figure("MemFree"), Available = Figure("MemAvailable"), Committed = Figure("Committed_AS") };
    }

    [GeneratedRegex(@"^(?<name>[A-Za-z_]{1,32}): *(?<amount>[0-9]{1,15}) kB\s*$", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex Line();
}
