using System.Security.Cryptography;
using System.Text;
using Actors.Dispatch.Files;
using Actors.Loading.Compatibility;
using Actors.Loading.Files;
using Actors.Loading.Signing;

namespace Actors.Loading;

/// <summary>
/// Copies of the last version of each plugin that served. They let a daemon keep serving after a restart although the plugin's folder holds a
/// broken version. A copy is in a folder that is named after the hash of its files, and is used only if the hash is still right. It holds code,
/// so only its user may write to it.
/// </summary>
internal sealed class LastGoodPlugins
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _copies;
    private readonly TrustPolicy _trust;
    private readonly Action<string> _warn;

    /// <param name="folder">The folder of the copies; it is created when it is needed.</param>
    /// <param name="root">The folder of the plugins. Copies of another one are not touched.</param>
    /// <param name="trust">Whose plugins the operator trusts.</param>
    /// <param name="warn">Receives what is wrong with the copies.</param>
    public LastGoodPlugins(string folder, string root, TrustPolicy trust, Action<string> warn)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(root))))[..12];
        (_copies, _trust, _warn) = (Path.Combine(folder, hash), trust, warn);
    }

    /// <summary>The last good version of a plugin; <see langword="null"/> if there is none that can be trusted.</summary>
    public Candidate? Find(string plugin)
    {
        Candidate? found = null;
        Try(plugin, folder =>
        {
            if (!Directory.Exists(folder))
                return;
            foreach (var copy in Directory.EnumerateDirectories(folder).Where(IsComplete))
            {
                var candidate = Candidate.Read(copy, _copies, _trust);
                var problem = FileTrust.Refusal(folder) ?? (candidate.Image?.Hash != Path.GetFileName(copy) ? "its files have changed" : (candidate.Verdict.Fits ? null : candidate.Verdict.Line));
                if (problem is null)
                    found = candidate;
                else
                    _warn($"the last good version of plugin '{Path.GetFileName(plugin)}' in {copy} is not used: {problem}");
            }
        });
        return found;
    }

    /// <summary>Stores the version that serves instead of an earlier one.</summary>
    public void Store(string plugin, PluginImage image) => Try(plugin, folder =>
    {
        var copy = Path.Combine(folder, image.Hash);
        if (Directory.Exists(copy))
        {
            RemoveOthers(folder, copy);
            return;
        }
        Directory.CreateDirectory(folder, Private);
        // The copy appears completely or not at all.
        var temporary = Path.Combine(folder, $".{Environment.ProcessId}");
        if (Directory.Exists(temporary))
            Directory.Delete(temporary, recursive: true);
        foreach (var file in image.Files)
        {
            var path = Path.Combine(temporary, file.Name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!, Private);
            File.WriteAllBytes(path, file.Content);
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
        Directory.Move(temporary, copy);
        RemoveOthers(folder, copy);
    });

    /// <summary>Removes the copy of a plugin that was removed.</summary>
    public void Remove(string plugin) => Try(plugin, folder =>
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    });

    /// <summary>Removes the copies of plugins that were removed while no daemon was running.</summary>
    public void RemoveAllExcept(IEnumerable<string> plugins) => Try("", folder =>
    {
        var kept = plugins.Select(plugin => Path.GetFileName(plugin)).ToHashSet();
        foreach (var other in Directory.Exists(_copies) ? Directory.EnumerateDirectories(_copies).Where(copy => !kept.Contains(Path.GetFileName(copy))) : [])
            Directory.Delete(other, recursive: true);
    });

    private static bool IsComplete(string copy) => Path.GetFileName(copy)[0] != '.';

    private static void RemoveOthers(string folder, string copy)
    {
        foreach (var other in Directory.EnumerateDirectories(folder).Where(other => other != copy))
            Directory.Delete(other, recursive: true);
    }

    private void Try(string plugin, Action<string> action)
    {
        try
        {
            action(Path.Combine(_copies, Path.GetFileName(plugin)));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _warn($"the last good version of plugins cannot be kept or read: {error.Message}");
        }
    }
}
