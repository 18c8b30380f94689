using Actors.Isolation.Remote;
using Actors.Scripting;
using Actors.Sdk;

namespace Actors.Chains.Scripts.Running;

/// <summary>The names that a script can use: facts that the host sent, and calls that the host answers.</summary>
internal sealed class ScriptGlobals(ScriptFacts facts, IEnumerable<ScriptStep> steps, ScriptBudget budget) : PolicyScript
{
    private const int MaxLines = 100, MaxLine = 500;

    private readonly List<ScriptStep> _steps = [.. steps];
    private ScriptFacts _facts = facts;
    private List<string> _lines = [];
    private int _logged;
    private TaskCompletionSource<ScriptCallResult>? _waiting;

    public override ScriptDomain Domain => _facts.Domain;

    public override Kib Target => _facts.Target;

    public override Kib Tolerance => _facts.Tolerance;

    public override HostMemory Host => _facts.Host;

    public override DateTimeOffset Now => _facts.Now;

    public override IReadOnlyList<string> Engaged => _facts.Engaged;

    public override IReadOnlyList<ScriptStep> Steps => [.. _steps];

    /// <summary>The call that the script waits for.</summary>
    public ScriptCall? Call { get; private set; }

    /// <summary>The call that the script made last, and may not have awaited.</summary>
    public Task Pending { get; private set; } = Task.CompletedTask;

    // A second call at the same time fails at once, whether the script awaits it or not.
    public override Task<Outcome> Run(string step, Kib? target, TimeSpan? timeout, TimeSpan? stall, bool keep) => OutcomeAsync(Request(
        new ScriptCall(ScriptCallKind.Run) { Step = step, Target = target, Timeout = timeout, Stall = stall, Keep = keep, RelaxFirst = RelaxFirst }));

    public override Task Release(string step) => Request(new ScriptCall(ScriptCallKind.Release) { Step = step });

    public override Task Wait(TimeSpan duration) => Request(new ScriptCall(ScriptCallKind.Wait) { Duration = duration });

    public override void Log(string message)
    {
        if (_logged++ < MaxLines)
            _lines.Add(message is { Length: > MaxLine } ? message[..MaxLine] : message ?? "");
    }

    /// <summary>The number of the step that has this outcome, counted from 1; 0 if there is none.</summary>
    public int StepOf(Outcome? outcome) => outcome is null ? 0 : _steps.FindLastIndex(step => ReferenceEquals(step.Outcome, outcome)) + 1;

    /// <summary>Takes the lines that the script logged.</summary>
    public IReadOnlyList<string> TakeLines()
    {
        var lines = _lines;
        if (lines.Count > 0)
            _lines = [];
        return lines;
    }

    /// <summary>Gives the script the result of its call.</summary>
    public void Complete(ScriptCallResult result)
    {
        var waiting = _waiting!;
        (_waiting, Call) = (null, null);
        waiting.SetResult(result);
    }

    private static async Task<Outcome> OutcomeAsync(Task<ScriptCallResult> call) => (await call).Step!.Outcome;

    private Task<ScriptCallResult> Request(ScriptCall call)
    {
        if (!Pending.IsCompleted)
            throw new InvalidOperationException("a domain can run one step at a time: await the previous one first");
        budget.Pause();
        (_waiting, Call) = (new TaskCompletionSource<ScriptCallResult>(), call);
        var answered = AnsweredAsync(_waiting.Task);
        Pending = answered;
        return answered;
    }

    private async Task<ScriptCallResult> AnsweredAsync(Task<ScriptCallResult> call)
    {
        var result = await call;
        budget.Resume();
        _facts = result.Facts ?? _facts;
        if (result.Step is { } step)
            _steps.Add(step);
        return result.Error is { } error ? throw Errors.Restore(error) : result;
    }
}
