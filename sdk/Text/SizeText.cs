using System.Globalization;

namespace Actors.Sdk.Text;

/// <summary>Amounts of memory in human notation: <c>512MiB</c>, <c>512m</c>, <c>2g</c>, <c>1.5GiB</c>.</summary>
internal static class SizeText
{
    /// <summary>Parses an amount from a command line. A plain number is KiB, as in the keys of xenstore.</summary>
    public static (Kib Value, string? Error) Parse(string text) => Parse(text, plainIsKib: true);

    /// <summary>Parses an amount from a file. The unit is required, because a plain number means KiB in some tools and MiB in others.</summary>
    public static (Kib Value, string? Error) ParseWithUnit(string text) => Parse(text, plainIsKib: false);

    private static (Kib, string?) Parse(string text, bool plainIsKib)
    {
        var digits = text.AsSpan().Trim();
        var end = digits.IndexOfAnyExceptInRange('0', '9') is >= 0 and var i && digits[i] == '.'
            ? i + 1 + (digits[(i + 1)..].IndexOfAnyExceptInRange('0', '9') is >= 0 and var j ? j : digits.Length - i - 1)
            : digits.IndexOfAnyExceptInRange('0', '9') is >= 0 and var k ? k : digits.Length;
        var unit = digits[end..].Trim().ToString().ToLowerInvariant();
        if (!decimal.TryParse(digits[..end], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return (default, "expected a size such as 512MiB (units: k, m, g, t)");
        if (unit.Length == 0 && !plainIsKib)
            return (default, $"the unit is missing: {digits}MiB, or {digits}KiB");
        decimal? kib = unit switch
        {
            "" or "k" or "kb" or "kib" => 1,
            "m" or "mb" or "mib" => 1024,
            "g" or "gb" or "gib" => 1024 * 1024,
            "t" or "tb" or "tib" => 1024m * 1024 * 1024,
            _ => null,
        };
        if (kib is null)
            return (default, $"unknown unit '{unit}' (units: k, m, g, t)");
        var value = number > MaxKib ? MaxKib + 1 : number * kib.Value;
        if (value > MaxKib)
            return (default, "more memory than any host has");
        return value == decimal.Truncate(value) ? (new Kib((long)value), null) : (default, "not a whole number of KiB");
    }

    // 2^52 bytes of physical address are the architecture's limit.
    private const decimal MaxKib = 1m * (1L << 42);
}
