using System.Globalization;

namespace Actors.Sdk;

/// <summary>An amount of memory in KiB, the unit of every memory key in xenstore.</summary>
/// <param name="Value">The amount, in KiB. May be negative: a difference is an amount too.</param>
public readonly record struct Kib(long Value) : IComparable<Kib>
{
    /// <summary>No memory.</summary>
    public static Kib Zero => default;

    /// <summary>So many MiB.</summary>
    public static Kib FromMiB(long mebibytes) => new(mebibytes * 1024);

    /// <summary>So many GiB.</summary>
    public static Kib FromGiB(long gibibytes) => new(gibibytes * 1024 * 1024);

    /// <summary>The pages that this amount fills, a part of a page counting as none.</summary>
    public Pages ToPages() => new(Value / Pages.KibPerPage);

    /// <inheritdoc/>
    public int CompareTo(Kib other) => Value.CompareTo(other.Value);

    /// <summary>The smaller of two amounts.</summary>
    public static Kib Min(Kib left, Kib right) => left < right ? left : right;

    /// <summary>The larger of two amounts.</summary>
    public static Kib Max(Kib left, Kib right) => left > right ? left : right;

    /// <summary>The amount without its sign.</summary>
    public Kib Abs() => new(Math.Abs(Value));

    /// <summary>For a person: <c>512 MiB</c>, <c>1.5 GiB</c>, <c>300 KiB</c>.</summary>
    public override string ToString() => Math.Abs(Value) switch
    {
        >= 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{Value / (1024.0 * 1024):0.##} GiB"),
        >= 1024 => string.Create(CultureInfo.InvariantCulture, $"{Value / 1024.0:0.#} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Value} KiB"),
    };

    /// <summary>The sum.</summary>
    public static Kib operator +(Kib left, Kib right) => new(left.Value + right.Value);

    /// <summary>The difference.</summary>
    public static Kib operator -(Kib left, Kib right) => new(left.Value - right.Value);

    /// <summary>Less.</summary>
    public static bool operator <(Kib left, Kib right) => left.Value < right.Value;

    /// <summary>More.</summary>
    public static bool operator >(Kib left, Kib right) => left.Value > right.Value;

    /// <summary>At most.</summary>
    public static bool operator <=(Kib left, Kib right) => left.Value <= right.Value;

    /// <summary>At least.</summary>
    public static bool operator >=(Kib left, Kib right) => left.Value >= right.Value;

    /// <summary>The sum.</summary>
    public static Kib Add(Kib left, Kib right) => left + right;

    /// <summary>The difference.</summary>
    public static Kib Subtract(Kib left, Kib right) => left - right;
}
