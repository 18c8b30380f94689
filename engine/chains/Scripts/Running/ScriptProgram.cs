using System.Diagnostics;
using System.Reflection;
using System.Runtime.Loader;
using Actors.Chains.Scripts.Compiling;
using Actors.Isolation.Wire;
using Actors.Scripting;
using Actors.Sdk;

namespace Actors.Chains.Scripts.Running;

/// <summary>A script in its own load context, ready to run any number of times. It leaves the memory when nothing refers to it any more.</summary>
internal sealed class ScriptProgram : IScript
{
    private readonly Delegate _entry;
    private readonly Context _context;

    public ScriptProgram(ScriptSource source, ScriptImage image)
    {
        (File, Steps, Reads) = (source.File, image.Steps, image.Reads);
        _context = new Context(source.File);
        using var code = new MemoryStream(image.Code);
        using var symbols = new MemoryStream(image.Symbols);
        var method = _context.LoadFromStream(code, symbols).GetType(image.Type, throwOnError: true)!
            .GetMethod(image.Method, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!;
        _entry = source.Kind == ScriptKind.Policy
            ? method.CreateDelegate<Func<object?[], Task<Outcome?>>>()
            : method.CreateDelegate<Func<object?[], Task<bool>>>();
    }

    /// <summary>The name of the file, for messages.</summary>
    public string File { get; }

    /// <summary>The actors and policies that the script can name.</summary>
    public IReadOnlyList<string> Steps { get; }

    /// <summary>The facts that the script reads and that cost a request.</summary>
    public ScriptReads Reads { get; }

    /// <summary>A reference that is dead once the script has left the memory.</summary>
    public WeakReference Life => new(_context, trackResurrection: true);

    public Task<Outcome?> RunAsync(PolicyScript globals) => ((Func<object?[], Task<Outcome?>>)_entry)([globals, null]);

    public IScriptRun Begin(ScriptLimits limits) => new ScriptExecution(this, limits);

    public Task<ScriptEnd> TestAsync(ScriptFacts facts, IReadOnlyList<ScriptStep> steps, CancellationToken cancellation) =>
        Task.FromResult(Test(facts, steps, ScriptLimits.Standard, cancellation));

    /// <summary>Evaluates the script, a condition.</summary>
    public ScriptEnd Test(ScriptFacts facts, IReadOnlyList<ScriptStep> steps, ScriptLimits limits, CancellationToken cancellation)
    {
        var (budget, outer) = (new ScriptBudget(limits, cancellation), ScriptGuard.Budget);
        ScriptGuard.Budget = budget;
        budget.Resume();
        try
        {
            return new ScriptEnd { Value = ((Func<object?[], Task<bool>>)_entry)([new ScriptGlobals(facts, steps, budget), null]).GetAwaiter().GetResult() };
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return new ScriptEnd { Cancelled = true };
        }
        catch (Exception error) when (error is not OutOfMemoryException shortage || MemoryShortage.IsOwn(shortage))
        {
            return new ScriptEnd { Fault = Describe(error), Runaway = budget.Stopped is not null || error is OutOfMemoryException };
        }
        finally
        {
            ScriptGuard.Budget = outer;
        }
    }

    /// <summary>Unloads the script once its current runs have ended. No new run may begin.</summary>
    public void Unload() => _context.Unload();

    /// <summary>The message of an exception from the script, with the line in the script.</summary>
    public string Describe(Exception error)
    {
        while (error is TypeInitializationException { InnerException: { } inner })
            error = inner;
        var type = error is RemoteException { Error.Type: { Length: > 0 } name } ? name : error.GetType().Name;
        var line = new StackTrace(error, fNeedFileInfo: true).GetFrames()
            .FirstOrDefault(frame => frame.GetFileName() == File && frame.GetFileLineNumber() > 0)?.GetFileLineNumber();
        return error is ScriptStoppedException
            ? $"{Place(line)}stopped: {error.Message}"
            : $"{Place(line)}{type}: {error.Message}";
    }

    private string Place(int? line) => line is null ? $"{File}: " : $"{File}:{line}: ";

    private sealed class Context(string name) : AssemblyLoadContext(name, isCollectible: true);
}
