using System.Globalization;
using Actors.Sdk;

namespace Actors.Cli.Presentation;

/// <summary>The units in which amounts of memory are shown.</summary>
internal enum Units
{
    /// <summary>Three significant digits and a letter: <c>512M</c>, <c>1.25G</c>.</summary>
    Short,
    B,
    KiB,
    MiB,
    GiB,
}

/// <summary>Amounts of memory as text.</summary>
internal static class Amounts
{
    public static readonly IReadOnlyDictionary<string, Units> Names = new Dictionary<string, Units>
    {
        ["B"] = Units.B,
        ["KiB"] = Units.KiB,
        ["MiB"] = Units.MiB,
        ["GiB"] = Units.GiB,
    };

    /// <summary>A cell with an amount. A pipe gets the exact number of KiB.</summary>
    public static Cell Cell(long? kib, Units units = Units.Short) =>
        kib is { } value ? new Cell(Text(new Kib(value), units), value.ToString(CultureInfo.InvariantCulture)) : Presentation.Cell.None;

    /// <summary>The amount in a unit, as a whole number: rounded to the nearest one.</summary>
    public static string Text(Kib amount, Units units = Units.Short) => units switch
    {
        Units.Short => Rounded(amount.Value),
        Units.B => ((Int128)amount.Value * 1024).ToString(CultureInfo.InvariantCulture),
        Units.KiB => amount.Value.ToString(CultureInfo.InvariantCulture),
        Units.MiB => Whole(amount.Value / 1024m),
        _ => Whole(amount.Value / (1024m * 1024)),
    };

    private static string Whole(decimal number) => Math.Round(number, MidpointRounding.AwayFromZero).ToString("0", CultureInfo.InvariantCulture);

    private static string Rounded(long kib)
    {
        if (kib == 0)
            return "0";
        var (number, letter) = ((decimal)kib, 0);
        // 1023.6 would be rounded to 1024, which is 1.00 of the next letter.
        for (; Math.Abs(number) >= 1023.5m && letter < 4; letter++)
            number /= 1024;
        var digits = Math.Abs(number) switch { _ when letter == 0 => "0", < 9.995m => "0.00", < 99.95m => "0.0", _ => "0" };
        return number.ToString(digits, CultureInfo.InvariantCulture) + "KMGTP"[letter];
    }
}
