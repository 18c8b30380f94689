using System.Runtime.InteropServices;
using Actors.Isolation.Messages;

namespace Actors.Isolation.Sandbox;

/// <summary>Limits this process for the rest of its life. Nothing of it needs a right, except to become another user.</summary>
internal static partial class Confinement
{
    private const int Processor = 0, FileSize = 1, Data = 2, Core = 4, Files = 7;
    private const int Kill = 9;
    private const int Niceness = 5;

    // At the hard limit the kernel kills without a reason; the signal at the soft limit is one.
    private const int SecondsAfterSignal = 5;

    private const string OomScore = "500";

    /// <summary>Ends this process when the thread that started it ends, and now if that has happened already.</summary>
    /// <param name="parent">The process that started this one.</param>
    public static void EndWithParent(int parent)
    {
        _ = ProcessControl.Set(ProcessControl.KillOnParentDeath, Kill);
        if (ParentProcess() != parent)
            Environment.Exit(0);
    }

    /// <summary>Sets the limits.</summary>
    /// <returns>The limits that could not be set, each with the reason.</returns>
    public static IReadOnlyList<string> Apply(LimitsBody limits, int parent)
    {
        var missing = new List<string>();
        Limit(missing, "memory", Data, limits.MemoryKib * 1024);
        if (limits.ProcessorSeconds is { } seconds)
            Limit(missing, "processor time", Processor, seconds, seconds + SecondsAfterSignal);
        // Files of a tmpfs are memory.
        Limit(missing, "the size of a file", FileSize, limits.MemoryKib * 1024);
        Limit(missing, "core dumps", Core, 0);
        Limit(missing, "open files", Files, limits.Files);
        Try(missing, "priority", () => SetPriority(0, 0, Niceness));
        Try(missing, "the kernel's choice when memory is short", () =>
        {
            File.WriteAllText("/proc/self/oom_score_adj", OomScore);
            return 0;
        });
        if (limits.User is { } user)
        {
            Try(missing, $"the user {user.Name}", () => Become(user));
            // Another user's process loses this.
            EndWithParent(parent);
            _ = ProcessControl.Set(ProcessControl.Dumpable, 1);
        }
        if (SystemCallFilter.Install(limits) is { } reason)
            missing.Add($"system calls: {reason}");
        return missing;
    }

    private static int Become(UserBody user)
    {
        var groups = SetGroups(0, 0);
        return groups != 0 ? groups : SetGroup(user.Gid, user.Gid, user.Gid) is not 0 and var failed ? failed : SetUser(user.Uid, user.Uid, user.Uid);
    }

    private static void Limit(List<string> missing, string what, int resource, long value, long? hard = null) => Try(missing, what, () =>
    {
        var limit = new ResourceLimit { Soft = (ulong)value, Hard = (ulong)(hard ?? value) };
        return SetLimit(resource, ref limit);
    });

    private static void Try(List<string> missing, string what, Func<int> set)
    {
        try
        {
            if (set() != 0)
                missing.Add($"{what}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            missing.Add($"{what}: {error.Message}");
        }
    }

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int ParentProcess();

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    private static partial int SetLimit(int resource, ref ResourceLimit limit);

    [LibraryImport("libc", EntryPoint = "setpriority", SetLastError = true)]
    private static partial int SetPriority(int which, uint who, int niceness);

    [LibraryImport("libc", EntryPoint = "setgroups", SetLastError = true)]
    private static partial int SetGroups(nuint count, nint groups);

    [LibraryImport("libc", EntryPoint = "setresgid", SetLastError = true)]
    private static partial int SetGroup(uint real, uint effective, uint saved);

    [LibraryImport("libc", EntryPoint = "setresuid", SetLastError = true)]
    private static partial int SetUser(uint real, uint effective, uint saved);

    [StructLayout(LayoutKind.Sequential)]
    private struct ResourceLimit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
