using Actors.Sdk;

namespace Actors.Sim.Specs;

/// <summary>How an amount of memory changes with time.</summary>
internal abstract record Shape
{
    public static Shape Nothing { get; } = new ConstantShape(Kib.Zero);

    /// <summary>The amount at a moment of its phase.</summary>
    public abstract Kib At(TimeSpan time);

    /// <summary>How long until the amount may change; <see langword="null"/>: it never does.</summary>
    public abstract TimeSpan? ChangesIn(TimeSpan time);
}

/// <summary>An amount that never changes.</summary>
internal sealed record ConstantShape(Kib Amount) : Shape
{
    public override Kib At(TimeSpan time) => Amount;

    public override TimeSpan? ChangesIn(TimeSpan time) => null;
}

/// <summary>One amount until a moment, and another one from then on.</summary>
internal sealed record StepShape(Kib Before, Kib After, TimeSpan Moment) : Shape
{
    public override Kib At(TimeSpan time) => time < Moment ? Before : After;

    public override TimeSpan? ChangesIn(TimeSpan time) => time < Moment ? Moment - time : null;
}

/// <summary>Up and down between two amounts: the worst case for a controller that samples at the wrong moment.</summary>
internal sealed record SineShape(Kib Least, Kib Most, TimeSpan Period) : Shape
{
    private const int SamplesInPeriod = 64;

    public override Kib At(TimeSpan time)
    {
        var swing = (1 - Math.Cos(2 * Math.PI * (time / Period))) / 2;
        return Least + new Kib((long)(swing * (Most - Least).Value));
    }

    public override TimeSpan? ChangesIn(TimeSpan time) => Period / SamplesInPeriod;
}

/// <summary>One amount by day, from 08:00 to 20:00, and another by night. A phase begins at midnight.</summary>
internal sealed record DayNightShape(Kib Day, Kib Night) : Shape
{
    private static readonly TimeSpan Morning = TimeSpan.FromHours(8);
    private static readonly TimeSpan Evening = TimeSpan.FromHours(20);

    public override Kib At(TimeSpan time)
    {
        var hour = TimeOfDay(time);
        return hour >= Morning && hour < Evening ? Day : Night;
    }

    public override TimeSpan? ChangesIn(TimeSpan time)
    {
        var hour = TimeOfDay(time);
        var next = hour < Morning ? Morning : hour < Evening ? Evening : Morning + TimeSpan.FromDays(1);
        return next - hour;
    }

    private static TimeSpan TimeOfDay(TimeSpan time) => new(time.Ticks % TimeSpan.TicksPerDay);
}

/// <summary>A recorded amount. Each value holds from its moment until the next one, the last one forever.</summary>
internal sealed record RecordedShape(IReadOnlyList<(TimeSpan Moment, Kib Amount)> Points) : Shape
{
    public override Kib At(TimeSpan time) => After(time) is > 0 and var next ? Points[next - 1].Amount : Kib.Zero;

    public override TimeSpan? ChangesIn(TimeSpan time) => After(time) is var next && next < Points.Count ? Points[next].Moment - time : null;

    // The first point after a time: a recording of a week has many.
    private int After(TimeSpan time)
    {
        var (low, high) = (0, Points.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = Points[middle].Moment <= time ? (middle + 1, high) : (low, middle);
        }
        return low;
    }
}
