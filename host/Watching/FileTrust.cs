using System.Runtime.InteropServices;

namespace Actors.Host.Watching;

/// <summary>Whether a file or folder that holds code may be loaded: its owner must be root or this user, and nobody else able to write it.</summary>
internal static partial class FileTrust
{
    /// <summary>Why it is not trusted, and what mends it; <see langword="null"/> when it is.</summary>
    public static string? Refusal(string path)
    {
        if (FileStatus.Of(path) is not var (owner, group, mode, _, _))
            return $"{path}: {Marshal.GetLastPInvokeErrorMessage()}";
        if (owner != 0 && owner != EffectiveUser())
            return $"{path}: it belongs to user {owner}, who could put any code into it; 'chown root {path}' or remove it";
        // A group with its owner's own number is the private one that most systems give each user.
        var othersWrite = mode.HasFlag(UnixFileMode.OtherWrite) || (mode.HasFlag(UnixFileMode.GroupWrite) && group != owner);
        return othersWrite
            ? $"{path}: others can write it (mode {Convert.ToString((int)mode, 8)}), so it could hold anybody's code; 'chmod go-w {path}'"
            : null;
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();
}
