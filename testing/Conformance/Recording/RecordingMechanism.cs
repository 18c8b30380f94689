using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.ExceptionServices;

namespace Actors.Sdk.Testing;

/// <summary>A mechanism that records its calls, and fails if the domain says so. It is a proxy, so that it works for every mechanism interface.</summary>
[SuppressMessage("Performance", "CA1852:Seal internal types", Justification = "DispatchProxy derives the proxies from it.")]
internal class RecordingMechanism : DispatchProxy
{
    private object _mechanism = null!;
    private RecordingDomain _domain = null!;

    public static TMechanism Around<TMechanism>(TMechanism mechanism, RecordingDomain domain) where TMechanism : class
    {
        var proxy = Create<TMechanism, RecordingMechanism>();
        var self = (RecordingMechanism)(object)proxy;
        (self._mechanism, self._domain) = (mechanism, domain);
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (!targetMethod!.IsSpecialName)
        {
            if (_mechanism is IMaxMem && args is [Kib maxMem, ..])
                _domain.RecordBalloonStep(BalloonStepKind.MaxMem, maxMem);
            _domain.MechanismCalled($"{targetMethod.DeclaringType!.Name}.{targetMethod.Name}({string.Join(", ", args!.Where(IsRecorded))})");
        }
        try
        {
            return RecordWait(targetMethod.Invoke(_mechanism, args));
        }
        catch (TargetInvocationException error)
        {
            ExceptionDispatchInfo.Throw(error.InnerException!);
            throw;
        }
    }

    // An actor that is waiting for its mechanism is not waiting for something else.
    private object? RecordWait(object? call) => call switch
    {
        ValueTask plain => new ValueTask(_domain.WaitAsync(Done(plain)).AsTask()),
        not null when call.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(ValueTask<>) =>
            typeof(RecordingDomain).GetMethod(nameof(RecordingDomain.WaitAsync))!.MakeGenericMethod(type.GenericTypeArguments).Invoke(_domain, [call]),
        _ => call,
    };

    private static async ValueTask<bool> Done(ValueTask call)
    {
        await call;
        return true;
    }

    private static bool IsRecorded(object? argument) => argument is not (null or CancellationToken);
}
