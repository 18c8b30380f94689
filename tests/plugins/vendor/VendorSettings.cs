using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Actors.Sdk;

namespace Actors.VendorPlugin;

internal enum Speed
{
    Slow,
    VeryFast,
}

/// <summary>Has each kind of value that settings may have.</summary>
internal sealed record VendorSettings
{
    public int Level { get; init => field = value is >= 0 and <= 9 ? value : throw new ArgumentOutOfRangeException(nameof(value), "must be from 0 to 9"); } = 3;

    [Range(1, 100, ErrorMessage = "must be from 1 to 100")]
    public int Share { get; init; } = 50;

    public bool Verify { get; init; }

    public TimeSpan CheckInterval { get; init; } = TimeSpan.FromSeconds(1);

    public Kib? Pool { get; init; }

    public Speed Speed { get; init; }

    public IReadOnlyList<string> Guests { get; init; } = [];

    public IReadOnlyDictionary<string, Kib> Limits { get; init; } = new Dictionary<string, Kib>();

    public VendorTier? Tier { get; init; }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Level} {Share} {Verify} {CheckInterval.TotalSeconds} {Pool?.ToString() ?? "-"} {Speed} [{string.Join(',', Guests)}] [{string.Join(',', Limits.Select(limit => $"{limit.Key}={limit.Value}"))}] {Tier?.Path ?? "-"}/{Tier?.Depth}");
}

internal sealed record VendorTier(string Path, int Depth = 2);
