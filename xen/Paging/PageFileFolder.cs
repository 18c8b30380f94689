using Actors.Sdk;

namespace Actors.Xen.Paging;

/// <summary>The folder of the page files, and the free space on its disk.</summary>
internal sealed class PageFileFolder(string folder)
{
    public string Path { get; } = folder;

    /// <summary>The free space for the folder; <see langword="null"/> if its file system does not report it.</summary>
    public Kib? Free()
    {
        var disk = Disk();
        return disk.TotalSize == 0 ? null : new Kib(disk.AvailableFreeSpace / 1024);
    }

    /// <summary>Whether the file system is in dom0's memory. Reserved space there would only waste memory.</summary>
    public bool InMemory => Disk().DriveFormat is "tmpfs" or "ramfs";

    private DriveInfo Disk()
    {
        var place = Path;
        while (!Directory.Exists(place))
            place = System.IO.Path.GetDirectoryName(place)!;
        return new DriveInfo(place);
    }

    /// <summary>The reason if there is too little space; <see langword="null"/> if there is enough. Pure.</summary>
    /// <param name="free">The free space.</param>
    /// <param name="wanted">The most that the pager may write.</param>
    /// <param name="promised">The most that other pagers may still write.</param>
    /// <param name="folder">The folder of the page files.</param>
    public static string? WhyNot(Kib? free, Kib wanted, Kib promised, string folder) =>
        free is { } known && known - promised < wanted
            ? $"not enough space for a page file in {folder}: the domain holds {wanted}, and {known} are free"
              + (promised > Kib.Zero ? $", of which {promised} are reserved for other pagers" : "")
              + WhatToDo
            : null;

    /// <summary>The reason if the space ran out although there seemed to be enough.</summary>
    public static string Full(Kib wanted, string folder) => $"not enough space for a page file in {folder}: the domain holds {wanted}, and the disk is full{WhatToDo}";

    private const string WhatToDo = "; free some space there, or mount a larger disk";
}
