using System.Globalization;

namespace Actors.Sdk;

/// <summary>An amount of memory in KiB, the unit of every memory key in xenstore.</summary>
/// <param name="Value">The amount, in KiB. It may be negative, because a difference is also an amount.</param>
public readonly record struct Kib(long Value) : IComparable<Kib>
{
    /// <summary>No memory.</summary>
    public static Kib Zero => default;

    /// <summary>An amount given in MiB.</summary>
    public static Kib FromMiB(long mebibytes) => new(mebibytes * 1024);

    /// <summary>An amount given in GiB.</summary>
    public static Kib FromGiB(long gibibytes) => new(gibibytes * 1024 * 1024);

    /// <summary>The number of whole pages in this amount; a partial page is dropped.</summary>
    public Pages ToPages() => new(Value / Pages.KibPerPage);

    /// <inheritdoc/>
    public int CompareTo(Kib other) => Value.CompareTo(other.Value);

    /// <summary>The smaller of two amounts.</summary>
    public static Kib Min(Kib left, Kib right) => left < right ? left : right;

    /// <summary>The larger of two amounts.</summary>
    public static Kib Max(Kib left, Kib right) => left > right ? left : right;

    /// <summary>The amount without its sign.</summary>
    public Kib Abs() => new(Math.Abs(Value));

    /// <summary>The amount for people to read: <c>512 MiB</c>, <c>1.5 GiB</c>, <c>300 KiB</c>.</summary>
    public override string ToString() => Math.Abs(Value) switch
    {
        >= 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{Value / (1024.0 * 1024):0.##} GiB"),
        >= 1024 => string.Create(CultureInfo.InvariantCulture, $"{Value / 1024.0:0.#} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Value} KiB"),
    };

    /// <summary>The sum of two amounts.</summary>
    public static Kib operator +(Kib left, Kib right) => new(left.Value + right.Value);

    /// <summary>The difference between two amounts.</summary>
    public static Kib operator -(Kib left, Kib right) => new(left.Value - right.Value);

    /// <summary>Whether the left amount is smaller.</summary>
    public static bool operator <(Kib left, Kib right) => left.Value < right.Value;

    /// <summary>Whether the left amount is larger.</summary>
    public static bool operator >(Kib left, Kib right) => left.Value > right.Value;

    /// <summary>Whether the left amount is smaller or equal.</summary>
    public static bool operator <=(Kib left, Kib right) => left.Value <= right.Value;

    /// <summary>Whether the left amount is larger or equal.</summary>
    public static bool operator >=(Kib left, Kib right) => left.Value >= right.Value;

    /// <summary>The sum of two amounts.</summary>
    public static Kib Add(Kib left, Kib right) => left + right;

    /// <summary>The difference between two amounts.</summary>
    public static Kib Subtract(Kib left, Kib right) => left - right;
}
