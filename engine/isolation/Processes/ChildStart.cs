using System.Diagnostics;
using System.Globalization;
using Actors.Isolation.Groups;

namespace Actors.Isolation.Processes;

/// <summary>How a child is started. Pure.</summary>
/// <param name="Program">The program, in another role.</param>
/// <param name="Arguments">Its arguments; the number of this process is added.</param>
/// <param name="MemoryBytes">Its private memory. The runtime's heap gets half of it.</param>
/// <param name="User">The user that it becomes; <see langword="null"/> if it keeps this process's.</param>
internal sealed record ChildStart(string Program, IReadOnlyList<string> Arguments, long MemoryBytes, uint? User)
{
    /// <summary>Makes its cgroup; <see langword="null"/> if it stays in this process's.</summary>
    public Func<ChildGroup>? MakeGroup { get; init; }

    /// <summary>Whether there may be many of it, so that its memory counts more than its speed.</summary>
    public bool SavesMemory { get; init; }

    private static readonly string[] Passed = ["PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "DOTNET_ROOT", "DOTNET_gcServer"];

    public ProcessStartInfo Info(int parent)
    {
        var info = new ProcessStartInfo(Program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        foreach (var argument in Arguments)
            info.ArgumentList.Add(argument);
        info.ArgumentList.Add(parent.ToString(CultureInfo.InvariantCulture));
        var environment = Passed.Select(name => (name, value: Environment.GetEnvironmentVariable(name))).Where(pair => pair.value is not null).ToList();
        info.Environment.Clear();
        foreach (var (name, value) in environment)
            info.Environment[name] = value;
        info.Environment["DOTNET_GCHeapHardLimit"] = string.Create(CultureInfo.InvariantCulture, $"0x{MemoryBytes / 2:x}");
        // A small nursery: the memory of an idle child counts more than its speed.
        info.Environment["DOTNET_GCgen0size"] = "0x100000";
        info.Environment["DOTNET_gcConcurrent"] = "0";
        info.Environment["DOTNET_TieredPGO"] = "0";
        if (SavesMemory)
        {
            // No method is compiled twice.
            info.Environment["DOTNET_TieredCompilation"] = "0";
            // Without a second mapping of everything that the runtime compiles and of its tables; both mappings count as private memory.
            info.Environment["DOTNET_EnableWriteXorExecute"] = "0";
            // What one thread freed, another one can use.
            info.Environment["MALLOC_ARENA_MAX"] = "1";
        }
        // No dump of a dom0's memory, and no port that a debugger could use.
        info.Environment["DOTNET_EnableDiagnostics"] = "0";
        info.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        return info;
    }
}
