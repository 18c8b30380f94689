using Actors.Isolation.Wire;
using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Loading.Containment;

/// <summary>Describes the exceptions of plugins.</summary>
internal static class Faults
{
    public const string NoTask = "the actor returned no task";

    /// <summary>Whether the plugin is to blame. It is not for errors of the hypervisor or of xenstore.</summary>
    public static bool IsPlugins(Exception error) => error is not
        (MechanismException or HypervisorException or XenStoreConnectionException or QuarantinedException or ProcessDownException)
        && error is not XenStoreException { Error: not XenStoreError.Invalid };

    public static string Describe(Exception error) => error switch
    {
        MechanismException or HypervisorException or ContainmentException or QuarantinedException or ProcessDownException => OutcomeCheck.Plain(error.Message),
        RemoteException { Error: var remote } => OutcomeCheck.Plain($"{remote.Type}: {remote.Message}"),
        _ => OutcomeCheck.Plain($"{error.GetType().Name}: {Read(() => error.Message)}"),
    };

    /// <summary>The exception with its stack trace.</summary>
    public static string InFull(Exception error) => error is RemoteException { Error.Trace: var trace } ? trace : Read(error.ToString);

    // The exception may be the plugin's own class, with code of its own.
    private static string Read(Func<string> text)
    {
        try
        {
            return text();
        }
        catch (Exception)
        {
            return "its text cannot be read";
        }
    }

    /// <summary>Describes an exception thrown outside of any call: in a timer, on a thread of its own, or in an <c>async void</c>.</summary>
    public static string OutsideCall(Exception error) =>
        $"threw outside of any call: {Describe(error is AggregateException { InnerExceptions: [var only] } ? only : error)}";
}
