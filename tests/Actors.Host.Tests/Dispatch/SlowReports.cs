using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text;
using Actors.Dispatch.State;
using Actors.XenStore;

namespace Actors.Host.Tests.Dispatch;

/// <summary>A store in which a state that says that a run is running arrives late. All other requests are passed on at once.</summary>
[SuppressMessage("Performance", "CA1852:Seal internal types", Justification = "DispatchProxy derives the proxies from it.")]
internal class SlowReports : DispatchProxy
{
    private IXenStore _store = null!;
    private TimeProvider _time = null!;
    private TimeSpan _delay;

    /// <summary>The number of late states that have arrived.</summary>
    public int Arrived { get; private set; }

    public static IXenStore Of(IXenStore store, TimeProvider time, TimeSpan delay, out SlowReports reports)
    {
        var proxy = Create<IXenStore, SlowReports>();
        reports = (SlowReports)(object)proxy;
        (reports._store, reports._time, reports._delay) = (store, time, delay);
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        args is [string path, ReadOnlyMemory<byte> value, CancellationToken] && StateKey.Parse(Encoding.UTF8.GetString(value.Span))?.Outcome == StateKey.Running
            ? WriteLateAsync(path, value)
            : targetMethod!.Invoke(_store, args);

    private async ValueTask WriteLateAsync(string path, ReadOnlyMemory<byte> value)
    {
        await Task.Delay(_delay, _time);
        await _store.WriteAsync(path, value);
        Arrived++;
    }
}
