using System.Globalization;

namespace Actors.Sim.Studies;

/// <summary>What must hold for a measure of a variant.</summary>
internal sealed record StudyExpectation
{
    public required string Variant { get; init; }

    /// <summary>The domain; <see langword="null"/> for the host.</summary>
    public string? Domain { get; init; }

    public required Measure Measure { get; init; }

    /// <summary>The least value that is right.</summary>
    public double? Least { get; init; }

    /// <summary>The greatest value that is right.</summary>
    public double? Most { get; init; }

    /// <summary>The variant whose value, with the same seed, the value is divided by; <see langword="null"/> for the value itself.</summary>
    public string? RelativeTo { get; init; }

    /// <summary>Whether only the median must be right. Otherwise the value of every run must be.</summary>
    public bool OfMedian { get; init; }

    public override string ToString()
    {
        var what = $"{Variant}{(Domain is null ? "" : $", {Domain}")}: {(OfMedian ? "median " : "")}{Measures.NameOf(Measure)}";
        var unit = RelativeTo is null ? Measures.UnitOf(Measure) : $"times {RelativeTo}'s";
        var range = (Least, Most) switch
        {
            ({ } least, { } most) when least == most => $"is {Number(least)}",
            ({ } least, { } most) => $"is from {Number(least)} to {Number(most)}",
            ({ } least, null) => $"is at least {Number(least)}",
            (null, { } most) => $"is at most {Number(most)}",
            _ => "",
        };
        return $"{what} {range} {unit}".TrimEnd();
    }

    /// <summary>A number as it is shown everywhere: with as many digits as a reader needs.</summary>
    public static string Number(double value) => value.ToString(
        Math.Abs(value) switch { >= 1000 => "0", >= 100 => "0.#", >= 1 => "0.##", _ => "0.####" }, CultureInfo.InvariantCulture);
}
