using Actors.Sdk;

namespace Actors.Sim.Specs;

/// <summary>The contents of a guest's pages that other guests may have as well; the rest is private.</summary>
internal sealed record ContentSpec
{
    /// <summary>How much of its free memory is zero. Memory that was used and freed is scrubbed.</summary>
    public Kib Zero { get; init; }

    /// <summary>
    /// How much of an image it has read, in its file cache and its working set. All guests have the same first pages of an image.
    /// </summary>
    public IReadOnlyList<(string Name, Kib Size)> Images { get; init; } = [];
}
