using Actors.Isolation.Messages;
using Actors.Scripting;
using Actors.Sdk;
using Actors.Sdk.Text;

namespace Actors.Chains.Scripts.Running;

/// <summary>What a script requests of the host.</summary>
internal enum ScriptCallKind
{
    Run,
    Release,
    Wait,
}

/// <summary>A call of the host.</summary>
/// <param name="Kind">What is requested.</param>
internal sealed record ScriptCall(ScriptCallKind Kind)
{
    /// <summary>The name of the step to run or to release.</summary>
    public string Step { get; init; } = "";

    /// <summary>The target of the step; <see langword="null"/> for the target of the run.</summary>
    public Kib? Target { get; init; }

    public TimeSpan? Timeout { get; init; }
    public TimeSpan? Stall { get; init; }
    public bool Keep { get; init; }
    public bool RelaxFirst { get; init; }

    /// <summary>How long to wait.</summary>
    public TimeSpan Duration { get; init; }
}

/// <summary>The result of a call.</summary>
internal sealed record ScriptCallResult
{
    /// <summary>The facts after the call; <see langword="null"/> if they did not change.</summary>
    public ScriptFacts? Facts { get; init; }

    /// <summary>The step that ended.</summary>
    public ScriptStep? Step { get; init; }

    /// <summary>Why the call failed.</summary>
    public ErrorBody? Error { get; init; }
}

/// <summary>What a script did until it waited for the host, or ended.</summary>
internal sealed record ScriptTurn
{
    /// <summary>The call that it waits for; <see langword="null"/> if it ended.</summary>
    public ScriptCall? Call { get; init; }

    public ScriptEnd? End { get; init; }

    /// <summary>What it logged.</summary>
    public IReadOnlyList<string> Lines { get; init; } = [];
}

/// <summary>How a run of a script, or a condition, ended.</summary>
internal sealed record ScriptEnd
{
    private const int MaxFault = 1000;

    /// <summary>The outcome that it returned.</summary>
    public Outcome? Returned { get; init; }

    /// <summary>The number of the step whose outcome it returned, counted from 1; 0 if it is its own.</summary>
    public int Step { get; init; }

    /// <summary>The value of a condition.</summary>
    public bool Value { get; init; }

    /// <summary>What it did wrong, with file and line.</summary>
    public string? Fault { get; init; }

    /// <summary>Whether the host had to stop it.</summary>
    public bool Runaway { get; init; }

    /// <summary>Whether it ended because it was cancelled.</summary>
    public bool Cancelled { get; init; }

    /// <summary>This end, if it is a good one.</summary>
    /// <exception cref="ScriptFaultException">The script failed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public ScriptEnd Checked(CancellationToken cancellation) => Cancelled
        ? throw new OperationCanceledException(cancellation)
        : Fault is { } fault ? throw new ScriptFaultException(Printable.Of(fault, MaxFault), Runaway) : this;
}
