using System.Text.Json.Serialization;

namespace Actors.Host.Demo;

/// <summary>The result of <c>demo</c>.</summary>
internal sealed record DemoReport(int Seed, IReadOnlyList<DemoDomain> Domains, [property: JsonPropertyName("trace_sha256")] string TraceSha256);

/// <summary>One domain of the demo.</summary>
internal sealed record DemoDomain(
    int Domid, string Name, string Kind, long TargetKib, long FootprintKib, string Outcome, string Actor, int Step, double Seconds, string Reason);
