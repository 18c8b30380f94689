using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Actors.Host.Tests;

/// <summary>Passes every call on and counts it.</summary>
[SuppressMessage("Performance", "CA1852:Seal internal types", Justification = "DispatchProxy derives the proxies from it.")]
internal class CountedCalls : DispatchProxy
{
    private object _target = null!;

    /// <summary>The number of calls.</summary>
    public int Count { get; set; }

    public static T Of<T>(T target, out CountedCalls calls) where T : class
    {
        var proxy = Create<T, CountedCalls>();
        calls = (CountedCalls)(object)proxy;
        calls._target = target;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        Count++;
        return targetMethod!.Invoke(_target, args);
    }
}
