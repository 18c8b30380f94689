using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Actors.XenStore;

namespace Actors.Host.Tests.Recordings;

/// <summary>Passes every call to a store on and notes the paths that are read.</summary>
[SuppressMessage("Performance", "CA1852:Seal internal types", Justification = "DispatchProxy derives the proxies from it.")]
internal class Reads : DispatchProxy
{
    private IXenStore _store = null!;
    private List<string> _paths = null!;

    public static IXenStore Of(IXenStore store, List<string> paths)
    {
        var proxy = Create<IXenStore, Reads>();
        (((Reads)(object)proxy)._store, ((Reads)(object)proxy)._paths) = (store, paths);
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod!.Name.Contains("Read", StringComparison.Ordinal) && args is [string path, ..])
            _paths.Add(path);
        return targetMethod.Invoke(_store, args);
    }
}
