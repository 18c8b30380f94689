using System.Globalization;
using Actors.Dispatch.Files;
using Actors.Isolation.Messages;

namespace Actors.Loading.Processes;

/// <summary>The user that the processes of plugins become, so that they have no right of the daemon's.</summary>
internal static class PluginUser
{
    /// <summary>The package creates this user.</summary>
    public const string Name = "actors-plugin";

    private const string Users = "/etc/passwd";

    /// <summary>The user; <see langword="null"/> if there is none, or if this process may not become another.</summary>
    public static UserBody? Find()
    {
        try
        {
            return FileStat.CurrentUser() == 0 ? Parse(File.ReadLines(Users)) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Finds the user in the lines of the file. Pure.</summary>
    public static UserBody? Parse(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            if (line.Split(':') is [Name, _, var uid, var gid, ..]
                && uint.TryParse(uid, NumberStyles.None, CultureInfo.InvariantCulture, out var user) && user != 0
                && uint.TryParse(gid, NumberStyles.None, CultureInfo.InvariantCulture, out var group) && group != 0)
                return new UserBody(Name, user, group);
        }
        return null;
    }
}
