using Actors.Isolation.Messages;

namespace Actors.Chains.Scripts.Processes;

/// <summary>How the processes for scripts are started.</summary>
/// <param name="Program">The program that is started in another role.</param>
/// <param name="User">The user that they become; <see langword="null"/> to keep this process's own.</param>
/// <param name="Warn">Receives a warning, such as a limit that cannot be set.</param>
internal sealed record ScriptProcessOptions(string Program, UserBody? User, Action<string> Warn)
{
    /// <summary>The processor time that compiling a script may take.</summary>
    public static readonly TimeSpan StandardTime = TimeSpan.FromSeconds(20);

    /// <summary>Whether a caller's thread waits for a script: on a simulated clock, time stands still meanwhile.</summary>
    public bool Blocks { get; init; }

    /// <summary>Private memory; the runtime's heap gets half of it.</summary>
    public long MemoryBytes { get; init; } = 512 << 20;

    /// <summary>The processor time of one process that compiles. A slow machine needs more.</summary>
    public int CompilerSeconds { get; init; } = (int)StandardTime.TotalSeconds;

    /// <summary>How long the compilation of one script may take.</summary>
    public TimeSpan CompilesAtMost { get; init; } = StandardTime * 1.5;

    /// <summary>How long a process may take until it is ready.</summary>
    public TimeSpan StartsAtMost { get; init; } = StandardTime * 0.5;

    /// <summary>The same limits for a machine on which compiling a script may take this much processor time.</summary>
    public ScriptProcessOptions WithTime(TimeSpan processorTime) => this with
    {
        CompilerSeconds = (int)Math.Ceiling(processorTime.TotalSeconds),
        CompilesAtMost = processorTime * 1.5,
        StartsAtMost = processorTime * 0.5,
    };

    public LimitsBody Limits => new()
    {
        MemoryKib = MemoryBytes >> 10,
        Files = 128,
        User = User,
        Slowness = Math.Max(1, CompilerSeconds / StandardTime.TotalSeconds),
    };
}
