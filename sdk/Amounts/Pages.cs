using System.Globalization;

namespace Actors.Sdk;

/// <summary>A number of 4 KiB pages, the unit of the hypervisor.</summary>
/// <param name="Value">The number of pages. It may be negative, because a difference is also an amount.</param>
public readonly record struct Pages(long Value) : IComparable<Pages>
{
    /// <summary>The size of a page in KiB on every architecture that Xen runs on (<c>XEN_PAGE_SHIFT</c> is 12).</summary>
    public const int KibPerPage = 4;

    /// <summary>No pages.</summary>
    public static Pages Zero => default;

    /// <summary>The same amount in KiB.</summary>
    public Kib ToKib() => new(Value * KibPerPage);

    /// <inheritdoc/>
    public int CompareTo(Pages other) => Value.CompareTo(other.Value);

    /// <summary>The number for people to read: <c>1024 pages</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Value} pages");

    /// <summary>The smaller of two amounts.</summary>
    public static Pages Min(Pages left, Pages right) => left < right ? left : right;

    /// <summary>The larger of two amounts.</summary>
    public static Pages Max(Pages left, Pages right) => left > right ? left : right;

    /// <summary>The sum of two amounts.</summary>
    public static Pages operator +(Pages left, Pages right) => new(left.Value + right.Value);

    /// <summary>The difference between two amounts.</summary>
    public static Pages operator -(Pages left, Pages right) => new(left.Value - right.Value);

    /// <summary>Whether the left amount is smaller.</summary>
    public static bool operator <(Pages left, Pages right) => left.Value < right.Value;

    /// <summary>Whether the left amount is larger.</summary>
    public static bool operator >(Pages left, Pages right) => left.Value > right.Value;

    /// <summary>Whether the left amount is smaller or equal.</summary>
    public static bool operator <=(Pages left, Pages right) => left.Value <= right.Value;

    /// <summary>Whether the left amount is larger or equal.</summary>
    public static bool operator >=(Pages left, Pages right) => left.Value >= right.Value;

    /// <summary>The sum of two amounts.</summary>
    public static Pages Add(Pages left, Pages right) => left + right;

    /// <summary>The difference between two amounts.</summary>
    public static Pages Subtract(Pages left, Pages right) => left - right;
}
