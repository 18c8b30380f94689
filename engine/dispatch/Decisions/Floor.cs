using Actors.Sdk;

namespace Actors.Dispatch.Decisions;

/// <summary>A floor, and the key or policy that set it.</summary>
internal sealed record Floor(Kib Amount, string Source)
{
    public override string ToString() => $"{Amount} ({Source})";
}
