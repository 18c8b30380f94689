using System.Runtime.InteropServices;
using Actors.Loading.Files;

namespace Actors.Loading.Native;

/// <summary>A native library of a plugin that this host could load.</summary>
internal sealed record NativeFile(ImageFile File, DynamicSection Section)
{
    private const string RuntimesFolder = "runtimes";

    private static readonly ushort Machine = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 62,
        Architecture.Arm64 => 183,
        _ => 0,
    };

    private static readonly string[] Runtimes =
    [
        RuntimeInformation.RuntimeIdentifier, "linux", "unix",
#pragma warning disable CA1308 // It is how a runtime identifier is written.
        $"linux-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}",
#pragma warning restore CA1308
    ];

    public string Folder { get; } = Path.GetDirectoryName(File.Name)!;

    /// <summary>The name by which other libraries need it: its soname, or the name of its file when it has none.</summary>
    public string LibraryName => Section.Soname ?? Path.GetFileName(File.Name);

    /// <summary>Whether it says that what it needs is in its own folder, or relative to it.</summary>
    public bool HasRelativeRunPath => Section.RunPath.Contains("$ORIGIN", StringComparison.Ordinal) || Section.RunPath.Contains("${ORIGIN}", StringComparison.Ordinal);

    /// <summary>The native libraries among a plugin's files. Those for other machines are left out, and so are damaged ones, which cannot be loaded.</summary>
    public static IReadOnlyList<NativeFile> In(IEnumerable<ImageFile> files)
    {
        var found = new List<NativeFile>();
        foreach (var file in files.Where(file => IsForThisHost(file.Name)))
        {
            if (TryRead(file) is { } section && (Machine == 0 || section.Machine == Machine))
                found.Add(new NativeFile(file, section));
        }
        return found;
    }

    // A package may bring one for each runtime.
    private static bool IsForThisHost(string name) =>
        name.Split('/') is not [RuntimesFolder, var runtime, _, ..] || Runtimes.Contains(runtime);

    private static DynamicSection? TryRead(ImageFile file)
    {
        try
        {
            return DynamicSection.Read(file.Content);
        }
        catch (BadImageFormatException)
        {
            return null;
        }
    }
}
