using Actors.Scripting;
using Actors.Sdk;

namespace Actors.Chains.Scripts.Running;

/// <summary>The facts that a script or a condition can read, as of one moment.</summary>
internal sealed record ScriptFacts
{
    public required ScriptDomain Domain { get; init; }
    public required Kib Target { get; init; }
    public required Kib Tolerance { get; init; }
    public required HostMemory Host { get; init; }
    public required DateTimeOffset Now { get; init; }
    public required IReadOnlyList<string> Engaged { get; init; }
}
