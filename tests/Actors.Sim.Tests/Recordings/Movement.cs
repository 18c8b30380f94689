using Actors.Sdk;
using Actors.Sim.Specs;

namespace Actors.Sim.Tests.Recordings;

/// <summary>A footprint moves after an order.</summary>
/// <param name="Delay">The seconds from the order to the beginning.</param>
/// <param name="Amount">The KiB between the first sample and the one before the last; negative on the way down.</param>
/// <param name="Seconds">The time between these samples.</param>
internal readonly record struct Movement(double Delay, double Amount, double Seconds)
{
    /// <summary>Samples further apart, in seconds, belong to different movements.</summary>
    public const double LongestGap = 1;

    /// <summary>The movements of a domain that followed an order at once.</summary>
    public static IEnumerable<Movement> Of(Recording recording, string domain)
    {
        var samples = recording.Samples[domain];
        foreach (var order in recording.Orders.Where(order => order.Domain == domain && order.Target is not null))
        {
            var first = samples.TakeWhile(sample => sample.At <= order.At).Count();
            var last = first;
            while (last + 1 < samples.Count && samples[last + 1].At - samples[last].At <= LongestGap)
                last++;
            if (last <= first || samples[first].At - order.At > 2 * LongestGap)
                continue;
            // It may have arrived long before the last sample was taken.
            var end = last - first > 1 ? last - 1 : last;
            var (amount, seconds) = ((samples[end].Footprint - samples[first].Footprint).Value, samples[end].At - samples[first].At);
            var begun = samples[first].At - ((samples[first].Footprint - samples[first - 1].Footprint).Value * seconds / amount);
            yield return new(Math.Max(0, begun - order.At), amount, seconds);
        }
    }
}

/// <summary>All that the simulation takes from the machine.</summary>
/// <param name="Delay">The seconds from an order to the beginning of the movement, on average.</param>
/// <param name="Out">How fast the domain gives up memory.</param>
/// <param name="In">How fast it gets memory back.</param>
internal sealed record Speed(double Delay, Rate Out, Rate In)
{
    public static Speed Of(Recording recording, string domain)
    {
        var movements = Movement.Of(recording, domain).ToList();
        return new(movements.Average(movement => movement.Delay),
            Mean(movements.Where(movement => movement.Amount < 0)), Mean(movements.Where(movement => movement.Amount > 0)));
    }

    private static Rate Mean(IEnumerable<Movement> movements) =>
        new(new Kib((long)(movements.Sum(movement => Math.Abs(movement.Amount)) / movements.Sum(movement => movement.Seconds))));
}
