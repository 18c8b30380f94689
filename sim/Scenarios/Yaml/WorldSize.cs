using Actors.Sdk;
using Actors.Sim.Memory;

namespace Actors.Sim.Scenarios.Yaml;

/// <summary>How much memory the simulation of a world takes, as an upper bound.</summary>
internal static class WorldSize
{
    /// <summary>A chunk whose pages are of many classes, some of them paged out and some shared.</summary>
    private const long BytesPerChunk = 64;

    /// <summary>A domain with its guest and its nodes in xenstore.</summary>
    private const long BytesPerDomain = 128 * 1024;

    /// <summary>The bytes that all domains take that ever exist.</summary>
    public static long BytesOf(Scenario world) =>
        world.All.Sum(spec => BytesPerDomain + (spec.Most.ToPages().Value / Chunks.Size * BytesPerChunk));

    /// <summary>What is wrong if this machine does not have that much memory; otherwise <see langword="null"/>.</summary>
    public static string? Problem(Scenario world)
    {
        var (needed, here) = (BytesOf(world), GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        return needed <= here
            ? null
            : $"to simulate this world takes about {new Kib(needed / 1024)}, and this machine has {new Kib(here / 1024)}: use fewer or smaller domains";
    }
}
