using Actors.Sdk;

namespace Actors.Xen.Paging;

/// <summary>The folder of page files, and whether its disk has room for one more.</summary>
internal sealed class PageFileRoom(string folder)
{
    public string Folder { get; } = folder;

    /// <summary>Free space below the folder; <see langword="null"/> where its file system does not say.</summary>
    public Kib? Free()
    {
        var disk = Disk();
        return disk.TotalSize == 0 ? null : new Kib(disk.AvailableFreeSpace / 1024);
    }

    /// <summary>Whether its file system lies in dom0's memory: room taken in advance would be memory that nobody uses.</summary>
    public bool InMemory => Disk().DriveFormat is "tmpfs" or "ramfs";

    private DriveInfo Disk()
    {
        var place = Folder;
        while (!Directory.Exists(place))
            place = Path.GetDirectoryName(place)!;
        return new DriveInfo(place);
    }

    /// <summary>Why there is no room; <see langword="null"/> when there is. Pure.</summary>
    /// <param name="free">What is free.</param>
    /// <param name="wanted">What the pager may come to write.</param>
    /// <param name="promised">What other pagers may still come to write.</param>
    /// <param name="folder">Where.</param>
    public static string? WhyNot(Kib? free, Kib wanted, Kib promised, string folder) =>
        free is { } known && known - promised < wanted
            ? $"no room for a page file in {folder}: the domain holds {wanted}, and {known} are free"
              + (promised > Kib.Zero ? $", of which {promised} are kept for other pagers" : "")
              + WhatToDo
            : null;

    /// <summary>Why there was none after all.</summary>
    public static string Full(Kib wanted, string folder) => $"no room for a page file in {folder}: the domain holds {wanted}, and the disk is full{WhatToDo}";

    private const string WhatToDo = "; free some space there, or mount a larger disk on it";
}
