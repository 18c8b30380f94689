using System.Globalization;
using Actors.Dispatch.Files;

namespace Actors.Loading.Files;

/// <summary>The files in a plugin's folder, without their contents: cheap enough to be listed every few seconds.</summary>
internal sealed class PluginListing
{
    private const int MaxDepth = 16;

    /// <summary>A folder with more files is not a plugin, but someone's home folder.</summary>
    public const int MaxFiles = 4096;

    private PluginListing(string folder, IReadOnlyList<ListedFile> files)
    {
        (Folder, Files) = (folder, files);
        Fingerprint = string.Join('\n', files.Select(Mark));
    }

    public string Folder { get; }

    /// <summary>Ordered by name.</summary>
    public IReadOnlyList<ListedFile> Files { get; }

    /// <summary>A text that changes when anything in the folder is written, replaced, renamed, or given to another owner.</summary>
    public string Fingerprint { get; }

    /// <summary><see langword="null"/> when there is no such folder.</summary>
    public static PluginListing? Of(string folder)
    {
        if (FileStat.Of(folder) is not { Kind: FileKind.Folder } stat)
            return null;
        var files = new List<ListedFile> { new("", stat) };
        try
        {
            Add(folder, "", files, MaxDepth);
        }
        catch (DirectoryNotFoundException)
        {
            // The folder was removed meanwhile; the next check sees what is left.
        }
        files.Sort((one, other) => string.CompareOrdinal(one.Name, other.Name));
        return new PluginListing(folder, files);
    }

    public bool Has(string name) => Files.Any(file => file.Name == name && file.Stat.Kind == FileKind.File);

    private static void Add(string folder, string prefix, List<ListedFile> files, int depth)
    {
        foreach (var path in Directory.EnumerateFileSystemEntries(folder))
        {
            if (FileStat.Of(path) is not { } stat || files.Count > MaxFiles)
                continue;
            var name = prefix + Path.GetFileName(path);
            files.Add(new ListedFile(name, stat));
            if (stat.Kind == FileKind.Folder && depth > 0)
                Add(path, name + "/", files, depth - 1);
        }
    }

    private static string Mark(ListedFile file) => string.Create(CultureInfo.InvariantCulture,
        $"{file.Name}|{file.Stat.Kind}|{file.Stat.Owner}:{file.Stat.Group}|{(int)file.Stat.Mode}|{file.Stat.Inode}|{file.Stat.Size}|{file.Stat.Modified}|{file.Stat.Changed}");
}
