namespace Actors.Isolation.Groups;

/// <summary>
/// A cgroup (version 2) that was delegated to the daemon, in which it makes one for each child. A cgroup with children that are limited may hold
/// no process itself, so the daemon and its pagers are in one next to theirs, in which nothing limits them.
/// </summary>
internal sealed class DelegatedGroup
{
    /// <summary>The cgroup of the daemon below the delegated one: DelegateSubgroup= of the unit.</summary>
    public const string OwnName = "daemon";

    private const string ChildPrefix = "child-";

    private readonly string _folder;
    private int _children;

    private DelegatedGroup(string folder) => _folder = folder;

    /// <summary>Finds the delegated cgroup of this process, and removes what an earlier daemon left in it.</summary>
    /// <param name="why">Why there is none; empty if there is one.</param>
    public static DelegatedGroup? Find(out string why)
    {
        try
        {
            var place = GroupPath.DelegatedTo(File.ReadLines("/proc/self/cgroup"), File.ReadLines("/proc/self/mountinfo"), out why);
            return place is null ? null : In(place, out why);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            why = error.Message;
            return null;
        }
    }

    /// <summary>Uses a cgroup.</summary>
    /// <param name="folder">The folder of the cgroup.</param>
    /// <param name="why">Why that is not possible; empty if it is.</param>
    public static DelegatedGroup? In(string folder, out string why)
    {
        try
        {
            // One at a time, because all fail if one is missing.
            foreach (var controller in GroupLimits.Controllers)
                File.WriteAllText(Path.Combine(folder, "cgroup.subtree_control"), $"+{controller}");
            foreach (var left in Directory.EnumerateDirectories(folder, $"{ChildPrefix}*"))
                new ChildGroup(left).Remove();
            why = "";
            return new DelegatedGroup(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            why = $"its cgroup cannot limit others: {error.Message}";
            return null;
        }
    }

    /// <summary>Makes a cgroup for a child.</summary>
    /// <exception cref="IOException">The cgroup cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The cgroup cannot be made.</exception>
    public ChildGroup Create(GroupLimits limits)
    {
        var group = new ChildGroup(Path.Combine(_folder, $"{ChildPrefix}{Environment.ProcessId}-{Interlocked.Increment(ref _children)}"));
        group.Create(limits);
        return group;
    }
}
