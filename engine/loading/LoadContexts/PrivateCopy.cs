using System.Runtime.InteropServices;
using Actors.Dispatch.Files;
using Actors.Loading.Files;
using Actors.Loading.Native;

namespace Actors.Loading.LoadContexts;

/// <summary>
/// A private copy of one version of a plugin, which nobody overwrites: dependencies are read from it when they are first used, and native
/// libraries are mapped from it under names of their own. It lives until the version is gone from memory. It is in the temporary folder,
/// because /run is often mounted without the right to execute.
/// </summary>
internal sealed class PrivateCopy : IDisposable
{
    private const string Prefix = "actors-plugin-";

    private const UnixFileMode ReadableFile = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode ReadableFolder = ReadableFile | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private static long _names;

    private readonly IReadOnlyList<NativeFile> _loadFirst;

    private PrivateCopy(string path, IReadOnlyList<NativeFile> loadFirst) => (Path, _loadFirst) = (path, loadFirst);

    public string Path { get; }

    /// <summary>Copies a plugin's files.</summary>
    /// <param name="image">The plugin's files.</param>
    /// <param name="forEveryone">Whether every user may read the copy. Otherwise only this process's user may.</param>
    /// <exception cref="PluginException">Its native libraries cannot be told apart from another plugin's.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static PrivateCopy Of(PluginImage image, bool forEveryone = false)
    {
        var libraries = NativeFile.In(image.Files);
        var names = UniqueNames.Choose(libraries, () => Interlocked.Increment(ref _names));
        var copy = new PrivateCopy(CreateFolder(), UniqueNames.LoadFirst(libraries));
        try
        {
            foreach (var file in image.Files)
                Write(copy.Path, file.Name, libraries.FirstOrDefault(library => library.File == file) is { } library ? UniqueNames.Rename(library, names) : file.Content);
            foreach (var library in libraries)
                copy.Link(library, names[library.LibraryName]);
            if (forEveryone)
                copy.LetEveryoneRead();
        }
        catch (IOException)
        {
            copy.Dispose();
            throw;
        }
        return copy;
    }

    /// <summary>Creates a folder for a copy.</summary>
    public static string CreateFolder() => Directory.CreateTempSubdirectory($"{Prefix}{Environment.ProcessId}-").FullName;

    /// <summary>Removes the copies of a process that has ended.</summary>
    public static void RemoveOf(int process)
    {
        foreach (var folder in Directory.EnumerateDirectories(System.IO.Path.GetTempPath(), $"{Prefix}{process}-*"))
            Remove(folder);
    }

    /// <summary>Removes the copies of daemons that were killed.</summary>
    public static void Sweep()
    {
        foreach (var folder in Directory.EnumerateDirectories(System.IO.Path.GetTempPath(), Prefix + "*"))
        {
            var process = System.IO.Path.GetFileName(folder)[Prefix.Length..].Split('-')[0];
            if (FileStat.Of(folder)?.Owner == FileStat.CurrentUser() && !Directory.Exists($"/proc/{process}"))
                Remove(folder);
        }
    }

    /// <summary>Loads the native libraries that others need without saying where they are.</summary>
    /// <exception cref="DllNotFoundException">A library cannot be loaded; the message says why.</exception>
    public void LoadNeeded()
    {
        foreach (var library in _loadFirst)
            NativeLibrary.Load(System.IO.Path.Combine(Path, library.File.Name));
    }

    /// <summary>Closes the native libraries that were loaded from it. Call it only when none of the plugin's code is left.</summary>
    public void CloseLibraries() => MappedLibraries.Close(Path);

    public void Dispose() => Remove(Path);

    /// <summary>Writes a file of a plugin into a folder.</summary>
    public static void Write(string folder, string name, byte[] content)
    {
        var path = System.IO.Path.Combine(folder, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
    }

    // Whatever the umask is.
    private void LetEveryoneRead()
    {
        File.SetUnixFileMode(Path, ReadableFolder);
        foreach (var entry in new DirectoryInfo(Path).EnumerateFileSystemInfos("*", SearchOption.AllDirectories).Where(entry => entry.LinkTarget is null))
            entry.UnixFileMode = entry is DirectoryInfo ? ReadableFolder : ReadableFile;
    }

    // The loader looks for a file of the new name.
    private void Link(NativeFile library, string name)
    {
        var link = System.IO.Path.Combine(Path, library.Folder, name);
        if (!File.Exists(link))
            File.CreateSymbolicLink(link, System.IO.Path.GetFileName(library.File.Name));
    }

    /// <summary>Removes a folder, if it is there.</summary>
    public static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // It was removed already.
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A copy that remains is removed at the next start.
        }
    }
}
