using System.Security.Cryptography;
using System.Text;

namespace Actors.Dispatch.Files;

/// <summary>
/// Copies of the last good version of files that people edit. They let a daemon keep serving after a restart although a file is broken. The
/// copies can hold code, so only their user may write to the folder.
/// </summary>
/// <param name="folder">The folder of the copies; it is created when it is needed.</param>
/// <param name="warn">Receives what is wrong with the copies.</param>
internal sealed class LastGoodFiles(string folder, Action<string> warn)
{
    /// <summary>The content of the last good version of a file; <see langword="null"/> if there is none.</summary>
    public byte[]? Find(string path) => Try(path, copy =>
    {
        if (!File.Exists(copy))
            return null;
        if ((FileTrust.Refusal(folder) ?? FileTrust.Refusal(copy)) is not { } refusal)
            return File.ReadAllBytes(copy);
        warn($"the last good version of {path} is not used: {refusal}");
        return null;
    });

    /// <summary>Stores the content of a file that was loaded without an error.</summary>
    public void Store(string path, byte[] content) => Try(path, copy =>
    {
        if (File.Exists(copy) && File.ReadAllBytes(copy).AsSpan().SequenceEqual(content))
            return null;
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        // The copy appears completely or not at all.
        var temporary = $"{copy}.{Environment.ProcessId}";
        File.WriteAllBytes(temporary, content);
        File.Move(temporary, copy, overwrite: true);
        return null;
    });

    /// <summary>Forgets a file that was removed.</summary>
    public void Remove(string path) => Try(path, copy =>
    {
        if (File.Exists(copy))
            File.Delete(copy);
        return null;
    });

    private byte[]? Try(string path, Func<string, byte[]?> action)
    {
        // The hash keeps files of the same name in different folders apart.
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(path))))[..12];
        try
        {
            return action(Path.Combine(folder, $"{hash}-{Path.GetFileName(path)}"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            warn($"the last good version of {path} cannot be kept or read: {error.Message}");
            return null;
        }
    }
}
