
namespace Actors.Dispatch.Files;

/// <summary>
/// Checks the permissions of the host's code. Anyone who can write it (a plugin, a policy, a compiled script) can do whatever the host can.
/// So the code and the folders around it must belong to root or the host's user, and nobody else may write them. Pure.
/// </summary>
internal static class Permissions
{
    private const uint Root = 0;

    /// <summary>The problems, each with the command that fixes it.</summary>
    public static IEnumerable<string> Problems(string folder, IReadOnlyList<ListedFile> files, uint user)
    {
        var strangers = files.Where(file => file.Stat.Owner != Root && file.Stat.Owner != user).ToList();
        if (strangers.Count > 0)
        {
            var owner = strangers[0].Stat.Owner;
            yield return $"{Named(folder, strangers)} belongs to user {owner}, who could put any code into this host: "
                + $"chown {(strangers.Count > 1 ? "-R " : "")}{user} {Quoted(folder, strangers)}";
        }
        var open = files.Where(file => OthersMayWrite(file.Stat, user)).ToList();
        if (open.Count > 0)
            yield return $"{Named(folder, open)} can be written by others: chmod {(open.Count > 1 ? "-R " : "")}go-w {Quoted(folder, open)}";
    }

    // A user's private group has the user's number and no other members.
    private static bool OthersMayWrite(FileStat stat, uint user) =>
        stat.Mode.HasFlag(UnixFileMode.OtherWrite)
        || (stat.Mode.HasFlag(UnixFileMode.GroupWrite) && stat.Group != Root && !(stat.Group == user && stat.Owner == user));

    private static string Named(string folder, List<ListedFile> files) => files.Count == 1
        ? $"'{PathOf(folder, files[0])}'"
        : $"'{PathOf(folder, files[0])}' (and {files.Count - 1} more)";

    private static string Quoted(string folder, List<ListedFile> files) =>
        $"'{(files.Count == 1 ? PathOf(folder, files[0]) : folder).Replace("'", @"'\''", StringComparison.Ordinal)}'";

    private static string PathOf(string folder, ListedFile file) => file.Name.Length == 0 ? folder : Path.Combine(folder, file.Name);
}
