using Actors.Host.Watching;

namespace Actors.Host.Plugins.Loading;

/// <summary>
/// A private copy of one image, which nobody overwrites while native code is mapped from it. In the temporary folder, because /run is
/// often mounted without the right to execute.
/// </summary>
internal sealed class ShadowFolder : IDisposable
{
    private const string Prefix = "actors-plugin-";

    private ShadowFolder(string path) => Path = path;

    public string Path { get; }

    public static ShadowFolder Of(Files.PluginImage image)
    {
        var shadow = new ShadowFolder(Directory.CreateTempSubdirectory($"{Prefix}{Environment.ProcessId}-").FullName);
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
                new ShadowFolder(folder).Dispose();
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
