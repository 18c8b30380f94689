using System.Globalization;
using Actors.Sdk;

namespace Actors.Sim.Tests.Recordings;

/// <summary>What happens to a domain: a target, or another max_mem.</summary>
internal sealed record Order(double At, string Domain, Kib? Target, Kib? MaxMem);

/// <summary>A footprint that Xen reported.</summary>
internal readonly record struct Sample(double At, Kib Footprint);

/// <summary>
/// What a real Xen did, as tests/xen/curves/run.sh recorded it: targets, and every change of a footprint, looked at ten times a second.
/// </summary>
internal sealed record Recording(IReadOnlyList<Order> Orders, IReadOnlyDictionary<string, IReadOnlyList<Sample>> Samples)
{
    /// <summary>The seconds between two looks, at most, while the machine was not busy.</summary>
    public const double Interval = 0.15;

    public static Recording Read(string name)
    {
        using var stream = typeof(Recording).Assembly.GetManifestResourceStream($"Recordings/{name}.csv")!;
        using var reader = new StreamReader(stream);
        var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var rows = lines.Skip(1).Select(line => line.Split(',')).ToList();
        return new(
            [.. rows.Where(row => row[2].Length > 0).Select(OrderIn)],
            rows.Where(row => row[3].Length > 0).GroupBy(row => row[1], row => new Sample(Number(row[0]), new Kib(Whole(row[3]))))
                .ToDictionary(samples => samples.Key, IReadOnlyList<Sample> (samples) => [.. samples]));
    }

    /// <summary>
    /// How far a footprint in KiB is from the real one, as a part of it. The real one was seen only at each interval, so anything between
    /// what it was one interval before and one interval after the moment may be right.
    /// </summary>
    public double Off(string domain, double moment, double footprint)
    {
        var (before, after) = (FootprintAt(domain, moment - Interval), FootprintAt(domain, moment + Interval));
        var real = Math.Clamp(footprint, Math.Min(before, after), Math.Max(before, after));
        return Math.Abs(footprint - real) / real;
    }

    /// <summary>The footprint at a moment: during a movement on the line between two samples, otherwise as it was last.</summary>
    private double FootprintAt(string domain, double moment)
    {
        var samples = Samples[domain];
        var next = Math.Max(1, samples.TakeWhile(sample => sample.At <= moment).Count());
        var (before, after) = (samples[next - 1], samples[Math.Min(next, samples.Count - 1)]);
        var gap = after.At - before.At;
        return gap is <= 0 or > Movement.LongestGap
            ? before.Footprint.Value
            : before.Footprint.Value + ((after.Footprint - before.Footprint).Value * (moment - before.At) / gap);
    }

    private static Order OrderIn(string[] row) => row[2].Split('=') is [_, var max]
        ? new(Number(row[0]), row[1], null, new Kib(Whole(max)))
        : new(Number(row[0]), row[1], new Kib(Whole(row[2])), null);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static long Whole(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
