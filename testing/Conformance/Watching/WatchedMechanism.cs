using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.ExceptionServices;

namespace Actors.Sdk.Testing;

/// <summary>Any mechanism, watched; and dead when the domain says so. A proxy, so that a mechanism that comes tomorrow is watched as well.</summary>
[SuppressMessage("Performance", "CA1852:Seal internal types", Justification = "DispatchProxy derives the proxies from it.")]
internal class WatchedMechanism : DispatchProxy
{
    private object _mechanism = null!;
    private WatchedDomain _domain = null!;

    public static TMechanism Around<TMechanism>(TMechanism mechanism, WatchedDomain domain) where TMechanism : class
    {
        var watched = Create<TMechanism, WatchedMechanism>();
        var self = (WatchedMechanism)(object)watched;
        (self._mechanism, self._domain) = (mechanism, domain);
        return watched;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (!targetMethod!.IsSpecialName)
            _domain.MechanismCalled($"{targetMethod.DeclaringType!.Name}.{targetMethod.Name}({string.Join(", ", args!.Where(Tells))})");
        try
        {
            return Watched(targetMethod.Invoke(_mechanism, args));
        }
        catch (TargetInvocationException error)
        {
            ExceptionDispatchInfo.Throw(error.InnerException!);
            throw;
        }
    }

    // Whoever waits for its mechanism does not wait for something else.
    private object? Watched(object? call) => call switch
    {
        ValueTask plain => new ValueTask(_domain.WaitAsync(Done(plain)).AsTask()),
        not null when call.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(ValueTask<>) =>
            typeof(WatchedDomain).GetMethod(nameof(WatchedDomain.WaitAsync))!.MakeGenericMethod(type.GenericTypeArguments).Invoke(_domain, [call]),
        _ => call,
    };

    private static async ValueTask<bool> Done(ValueTask call)
    {
        await call;
        return true;
    }

    private static bool Tells(object? argument) => argument is not (null or CancellationToken);
}
