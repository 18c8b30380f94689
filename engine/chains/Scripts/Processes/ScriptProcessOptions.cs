using Actors.Isolation.Messages;

namespace Actors.Chains.Scripts.Processes;

/// <summary>How the processes for scripts are started.</summary>
/// <param name="Program">The program that is started in another role.</param>
/// <param name="User">The user that they become; <see langword="null"/> to keep this process's own.</param>
/// <param name="Warn">Receives a warning, such as a limit that cannot be set.</param>
internal sealed record ScriptProcessOptions(string Program, UserBody? User, Action<string> Warn)
{
    /// <summary>Private memory; the runtime's heap gets half of it.</summary>
    public long MemoryBytes { get; init; } = 512 << 20;

    /// <summary>The processor time of one process that compiles.</summary>
    public int CompilerSeconds { get; init; } = 20;

    /// <summary>How long the compilation of one script may take.</summary>
    public TimeSpan CompilesAtMost { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a process may take until it is ready.</summary>
    public TimeSpan StartsAtMost { get; init; } = TimeSpan.FromSeconds(10);

    public LimitsBody Limits => new() { MemoryKib = MemoryBytes >> 10, Files = 128, User = User };
}
