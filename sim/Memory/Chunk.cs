using System.Runtime.CompilerServices;

namespace Actors.Sim.Memory;

/// <summary>
/// 2 MiB of a guest's memory: how many pages of each class it has, and how many of those the host has paged out or shares.
/// </summary>
internal struct Chunk
{
    /// <summary>The number of 4 KiB pages in a superpage.</summary>
    public const int Size = 512;

    public PageCounts Pages;

    public PageCounts PagedOut;

    public PageCounts Shared;

    /// <summary>The pages that are the guest's own and in memory.</summary>
    public readonly int Resident(PageClass kind) => kind == PageClass.Ballooned ? 0 : Pages[(int)kind] - PagedOut[(int)kind] - Shared[(int)kind];
}

/// <summary>One count for each <see cref="PageClass"/>.</summary>
[InlineArray(Length)]
internal struct PageCounts
{
    public const int Length = (int)PageClass.Ballooned + 1;

    private ushort _first;
}
