using System.Globalization;

namespace Actors.Isolation.Groups;

/// <summary>What the processes of one cgroup may use together. Pure.</summary>
/// <param name="MemoryBytes">Memory of every kind, with files that they have read.</param>
/// <param name="Tasks">Processes and threads.</param>
/// <param name="CpuWeight">Their share of a busy processor; other cgroups have 100.</param>
internal sealed record GroupLimits(long MemoryBytes, int Tasks, int CpuWeight)
{
    /// <summary>The controllers that the limits need.</summary>
    public static readonly IReadOnlyList<string> Controllers = ["memory", "pids", "cpu"];

    // The limit of private memory is another one (RLIMIT_DATA). This one adds the pages of files, and memory that is shared or of the kernel.
    private const long MoreThanPrivate = 128L << 20;
    private const int StandardTasks = 128;
    private const int StandardWeight = 30;

    /// <summary>The limits of a plugin's process with this private memory.</summary>
    public static GroupLimits Of(long privateBytes) => new(privateBytes + MoreThanPrivate, StandardTasks, StandardWeight);

    /// <summary>The files of a cgroup and what is written to them (Documentation/admin-guide/cgroup-v2.rst).</summary>
    public IReadOnlyList<(string File, string Value)> Files =>
    [
        ("memory.max", MemoryBytes.ToString(CultureInfo.InvariantCulture)),
        ("memory.oom.group", "1"),
        ("pids.max", Tasks.ToString(CultureInfo.InvariantCulture)),
        ("cpu.weight", CpuWeight.ToString(CultureInfo.InvariantCulture)),
    ];

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"memory {MemoryBytes >> 20} MiB, {Tasks} tasks, CPU weight {CpuWeight}");
}
