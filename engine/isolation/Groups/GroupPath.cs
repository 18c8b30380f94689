namespace Actors.Isolation.Groups;

/// <summary>Finds the cgroup that was delegated to a process. Pure.</summary>
internal static class GroupPath
{
    /// <summary>The folder of the delegated cgroup; <see langword="null"/> if there is none.</summary>
    /// <param name="groups">The lines of /proc/self/cgroup.</param>
    /// <param name="mounts">The lines of /proc/self/mountinfo.</param>
    /// <param name="why">Why there is none; empty if there is one.</param>
    public static string? DelegatedTo(IEnumerable<string> groups, IEnumerable<string> mounts, out string why)
    {
        var own = groups.FirstOrDefault(line => line.StartsWith("0::/", StringComparison.Ordinal))?["0::".Length..];
        var mount = mounts.Select(MountPoint).FirstOrDefault(point => point is not null);
        if (own is null || mount is null)
        {
            why = "this system has no cgroups of version 2";
            return null;
        }
        if (Path.GetFileName(own) != DelegatedGroup.OwnName || Path.GetDirectoryName(own) is not { Length: > 1 } delegated)
        {
            why = "no cgroup was delegated to the daemon";
            return null;
        }
        why = "";
        return mount + delegated;
    }

    // "36 35 98:0 / /mount/point rw,noatime - cgroup2 cgroup2 rw" (proc_pid_mountinfo(5))
    private static string? MountPoint(string line)
    {
        var (fields, kind) = (line.Split(' '), line.Split(" - ") is [_, var after, ..] ? after.Split(' ')[0] : "");
        return kind == "cgroup2" && fields is [_, _, _, "/", var point, ..] ? point : null;
    }
}
