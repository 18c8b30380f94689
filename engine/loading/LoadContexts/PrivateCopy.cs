using Actors.Dispatch.Files;

namespace Actors.Loading.LoadContexts;

/// <summary>
/// A private copy of one image, which nobody overwrites while native code is mapped from it. In the temporary folder, because /run is
/// often mounted without the right to execute.
/// </summary>
internal sealed class PrivateCopy : IDisposable
{
    private const string Prefix = "actors-plugin-";

    private PrivateCopy(string path) => Path = path;

    public string Path { get; }

    public static PrivateCopy Of(Files.PluginImage image)
    {
        var shadow = new PrivateCopy(Directory.CreateTempSubdirectory($"{Prefix}{Environment.ProcessId}-").FullName);
        foreach (var file in image.Files)
        {
            var path = System.IO.Path.Combine(shadow.Path, file.Name);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, file.Content);
        }
        return shadow;
    }

    /// <summary>Removes what daemons left that were killed.</summary>
    public static void Sweep()
    {
        foreach (var folder in Directory.EnumerateDirectories(System.IO.Path.GetTempPath(), Prefix + "*"))
        {
            var process = System.IO.Path.GetFileName(folder)[Prefix.Length..].Split('-')[0];
            if (FileStat.Of(folder)?.Owner == FileStat.CurrentUser() && !Directory.Exists($"/proc/{process}"))
                new PrivateCopy(folder).Dispose();
        }
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The next daemon's sweep takes it.
        }
    }
}
