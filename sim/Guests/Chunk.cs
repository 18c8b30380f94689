using System.Runtime.CompilerServices;

namespace Actors.Sim;

/// <summary>2 MiB of a guest: how many of its pages are of each class, and how many of those are paged out by the host.</summary>
internal struct Chunk
{
    /// <summary>As many 4 KiB pages as a superpage holds.</summary>
    public const int Size = 512;

    public PageCounts Pages;

    public PageCounts PagedOut;

    public readonly int Resident(PageClass kind) => kind == PageClass.Ballooned ? 0 : Pages[(int)kind] - PagedOut[(int)kind];
}

/// <summary>One count for each <see cref="PageClass"/>.</summary>
[InlineArray(Length)]
internal struct PageCounts
{
    public const int Length = (int)PageClass.Ballooned + 1;

    private ushort _first;
}
