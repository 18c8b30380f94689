using Actors.Loading.Files;
using Actors.Loading.LoadContexts;

namespace Actors.Loading.Processes;

/// <summary>The files of one version of a plugin, as they were checked: its process is started from them again whatever happens to the plugin's folder.</summary>
internal sealed class PluginFiles : IDisposable
{
    private PluginFiles(string folder, string hash) => (Folder, Hash) = (folder, hash);

    public string Folder { get; }

    public string Hash { get; }

    /// <exception cref="PluginException">The files cannot be written.</exception>
    public static PluginFiles Copy(PluginImage image)
    {
        try
        {
            var files = new PluginFiles(PrivateCopy.CreateFolder(), image.Hash);
            foreach (var file in image.Files)
            {
                var path = Path.Combine(files.Folder, file.Name);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllBytes(path, file.Content);
            }
            return files;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new PluginException($"cannot be loaded: its files cannot be copied: {error.Message}", error);
        }
    }

    /// <summary>Removes what a process that has ended left behind.</summary>
    public static void RemoveOf(int process) => PrivateCopy.RemoveOf(process);

    public void Dispose() => PrivateCopy.Remove(Folder);
}
