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
                PrivateCopy.Write(files.Folder, file.Name, file.Content);
            return files;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new PluginException($"cannot be loaded: its files cannot be copied: {error.Message}", error);
        }
    }

    public void Dispose() => PrivateCopy.Remove(Folder);
}
