using System.Runtime.ExceptionServices;
using Actors.Sdk.Testing;

namespace Actors.Host.Conformance;

/// <summary>What a plugin throws on threads and timers of its own, where no run can catch it; unheard it would end the process.</summary>
internal sealed class StrayErrors : IDisposable
{
    private static volatile StrayErrors? _listening;
    private static int _installed;

    private readonly List<string> _heard = [];

    public StrayErrors()
    {
        _listening = this;
        // It can be set once in a process, and stays.
        if (Interlocked.Exchange(ref _installed, 1) == 0)
            ExceptionHandling.SetUnhandledExceptionHandler(error => _listening?.Hear(error) ?? false);
    }

    public PluginFinding Finding()
    {
        lock (_heard)
        {
            return new PluginFinding(null, "It throws nothing on threads and timers of its own",
                "an exception there belongs to no run: it would end the process, and the host can only count it and put the plugin out of service",
                _heard.Count == 0 ? RuleVerdict.Pass : RuleVerdict.Fail,
                _heard.Count == 0 ? "" : $"{_heard.Count} times, first {_heard[0]}");
        }
    }

    public void Dispose() => _listening = null;

    private bool Hear(Exception error)
    {
        lock (_heard)
            _heard.Add($"{error.GetType().Name}: {error.Message}");
        return true;
    }
}
