using Actors.Scripting;

namespace Actors.Chains.Scripts.Running;

/// <summary>One run of a script in this process. All of its code runs within its turns, on the thread that calls.</summary>
internal sealed class ScriptExecution(ScriptProgram program, ScriptLimits limits) : IScriptRun
{
    private const int MaxReason = 2000;

    private readonly ScriptContext _context = new();
    private readonly CancellationTokenSource _cancelled = new();
    private ScriptBudget _budget = null!;
    private ScriptGlobals _globals = null!;
    private Task<ScriptEnd> _end = null!;

    public Task<ScriptTurn> BeginAsync(ScriptFacts facts, CancellationToken cancellation)
    {
        _budget = new ScriptBudget(limits, _cancelled.Token);
        _globals = new ScriptGlobals(facts, [], _budget);
        return Task.FromResult(Turn(() => _end = PlayAsync(), cancellation));
    }

    public Task<ScriptTurn> ContinueAsync(ScriptCallResult result, CancellationToken cancellation) =>
        Task.FromResult(Turn(() => _globals.Complete(result), cancellation));

    public void Dispose() => _cancelled.Dispose();

    private ScriptTurn Turn(Action begin, CancellationToken cancellation)
    {
        using (cancellation.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _cancelled))
            _context.Run(begin);
        var lines = _globals.TakeLines();
        if (_end.IsCompleted)
            return new ScriptTurn { End = _end.GetAwaiter().GetResult(), Lines = lines };
        return _globals.Call is { } call
            ? new ScriptTurn { Call = call, Lines = lines }
            : new ScriptTurn { End = new ScriptEnd { Fault = $"{program.File}: the script waits for something that never happens", Runaway = true }, Lines = lines };
    }

    // This method is async so that the budget, an AsyncLocal, applies to what is called from here and to nothing else.
    private async Task<ScriptEnd> PlayAsync()
    {
        ScriptGuard.Budget = _budget;
        try
        {
            _budget.Resume();
            var returned = await program.RunAsync(_globals);
            await _globals.Pending;
            if (_budget.Stopped is { } reason)
                throw new ScriptStoppedException(reason);
            return new ScriptEnd { Returned = returned is { Reason.Length: > MaxReason } ? returned with { Reason = returned.Reason[..MaxReason] } : returned, Step = _globals.StepOf(returned) };
        }
        catch (OperationCanceledException) when (_cancelled.IsCancellationRequested)
        {
            return new ScriptEnd { Cancelled = true };
        }
        catch (Exception error) when (error is not OutOfMemoryException shortage || MemoryShortage.IsOwn(shortage))
        {
            return new ScriptEnd { Fault = program.Describe(error), Runaway = _budget.Stopped is not null || error is OutOfMemoryException };
        }
    }
}
