using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Loading.Containment;

/// <summary>What an exception of a plugin means, in words.</summary>
internal static class Faults
{
    /// <summary>Whether the plugin is to blame: not for what the hypervisor or the store refused.</summary>
    public static bool IsPlugins(Exception error) => error is not
        (MechanismException or HypervisorException or XenStoreConnectionException or QuarantinedException)
        && error is not XenStoreException { Error: not XenStoreError.Invalid };

    public static string Describe(Exception error) => error switch
    {
        MechanismException or HypervisorException or ContainmentException or QuarantinedException => OutcomeCheck.Plain(error.Message),
        _ => OutcomeCheck.Plain($"{error.GetType().Name}: {Read(() => error.Message)}"),
    };

    /// <summary>With its stack trace.</summary>
    public static string InFull(Exception error) => Read(error.ToString);

    // A plugin's exception is a plugin's code.
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

    /// <summary>Thrown beside a call: in a timer, on a thread of its own, out of an <c>async void</c>.</summary>
    public static string Beside(Exception error) =>
        $"threw outside of any call: {Describe(error is AggregateException { InnerExceptions: [var only] } ? only : error)}";
}
