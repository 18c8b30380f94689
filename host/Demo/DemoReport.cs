using System.Text.Json.Serialization;

namespace Actors.Host.Demo;

/// <summary>The result of <c>demo</c>.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Domains">The domains.</param>
/// <param name="SlowDownPercent">The part of the useful work of all domains that was lost.</param>
/// <param name="TraceSha256">A hash of everything that happened.</param>
internal sealed record DemoReport(int Seed, IReadOnlyList<DemoDomain> Domains, double SlowDownPercent, [property: JsonPropertyName("trace_sha256")] string TraceSha256);

/// <summary>One domain of the demo.</summary>
internal sealed record DemoDomain(
    int Domid, string Name, string Kind, long TargetKib, long FootprintKib, string Outcome, string Actor, int Step, double Seconds, string Reason)
{
    /// <summary>The part of its useful work that it lost to what was done to its memory.</summary>
    public required double SlowDownPercent { get; init; }

    /// <summary>The slow-down that it exceeded in one of twenty seconds.</summary>
    public required double SlowDownP95Percent { get; init; }
}
