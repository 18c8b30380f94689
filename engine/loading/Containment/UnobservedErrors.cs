using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.Loader;

namespace Actors.Loading.Containment;

/// <summary>
/// Handles errors that plugins throw where no caller waits: in a timer, on a thread of their own, in an <c>async void</c>. They would end
/// the process. Each counts against the plugin whose code is in its stack trace. An error of the host itself still ends the process.
/// </summary>
internal static class UnobservedErrors
{
    private static readonly ConditionalWeakTable<AssemblyLoadContext, PluginHealth> Owners = [];
    private static readonly ConditionalWeakTable<Exception, object> Counted = [];

    private static int _catching;

    /// <summary>Starts to handle them in this process. This cannot be undone.</summary>
    public static void Catch()
    {
        if (Interlocked.Exchange(ref _catching, 1) != 0)
            return;
        ExceptionHandling.SetUnhandledExceptionHandler(Handle);
        TaskScheduler.UnobservedTaskException += (_, unobserved) => Handle(unobserved.Exception);
    }

    public static void Register(AssemblyLoadContext context, PluginHealth health) => Owners.AddOrUpdate(context, health);

    /// <summary>Counts an error as its plugin's fault; false when it belongs to no plugin.</summary>
    public static bool Handle(Exception error)
    {
        // Code that was stopped below a continuation: its slot reports the stop.
        if (Innermost(error) is ThreadAbortException)
            return true;
        if (Owner(error) is not { } health)
            return false;
        if (Counted.TryAdd(Innermost(error), Counted))
            health.Fault(Faults.OutsideCall(error));
        return true;
    }

    public static PluginHealth? Owner(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
            foreach (var frame in new StackTrace(error).GetFrames())
                if (frame.GetMethod()?.Module.Assembly is { } assembly
                    && AssemblyLoadContext.GetLoadContext(assembly) is { } context && Owners.TryGetValue(context, out var health))
                    return health;
        return null;
    }

    private static Exception Innermost(Exception error) => error is AggregateException { InnerExceptions: [var only] } ? only : error;
}
