using System.Globalization;

namespace Actors.Isolation.Groups;

/// <summary>The cgroup of one child.</summary>
internal sealed class ChildGroup(string folder)
{
    private const int RemoveAttempts = 100;
    private static readonly TimeSpan RemovePause = TimeSpan.FromMilliseconds(10);

    /// <summary>What its processes may use.</summary>
    public GroupLimits? Limits { get; private set; }

    /// <summary>Whether the kernel killed its processes because their memory was used up, and not that of the whole machine.</summary>
    public bool RanOutOfMemory
    {
        get
        {
            try
            {
                var events = File.ReadAllLines(Path.Combine(folder, "memory.events"));
                return Happened(events, "oom_kill ") && Happened(events, "oom ");
            }
            catch (IOException)
            {
                return false;
            }
        }
    }

    /// <exception cref="IOException">The cgroup cannot be made, or cannot be limited.</exception>
    /// <exception cref="UnauthorizedAccessException">The cgroup cannot be made, or cannot be limited.</exception>
    public void Create(GroupLimits limits)
    {
        Directory.CreateDirectory(folder);
        try
        {
            foreach (var (file, value) in limits.Files)
                File.WriteAllText(Path.Combine(folder, file), value);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Remove();
            throw;
        }
        Limits = limits;
    }

    /// <summary>Moves a process into it. What the process starts later is in it as well.</summary>
    public void Add(int process) => File.WriteAllText(Path.Combine(folder, "cgroup.procs"), process.ToString(CultureInfo.InvariantCulture));

    /// <summary>Kills what is left in it, and removes it.</summary>
    public void Remove()
    {
        try
        {
            File.WriteAllText(Path.Combine(folder, "cgroup.kill"), "1");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Linux before 5.14 has no such file. Then only a plugin that may start programs can leave something here.
        }
        // A process that was killed needs a moment to end.
        using var never = new ManualResetEvent(false);
        for (var attempt = 0; attempt < RemoveAttempts && !TryRemove(); attempt++)
            never.WaitOne(RemovePause);
    }

    private static bool Happened(string[] events, string name) => Array.Exists(events, line => line.StartsWith(name, StringComparison.Ordinal) && line != $"{name}0");

    private bool TryRemove()
    {
        try
        {
            // Its files go with it: rmdir(2) is all that the kernel allows.
            Directory.Delete(folder);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
