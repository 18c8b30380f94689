using Actors.Dispatch.Calls;

namespace Actors.Loading.Containment;

/// <summary>Where a plugin's code runs.</summary>
internal interface ICallLane
{
    /// <summary>
    /// Begins a call. All of its code runs here: its beginning, what follows its awaits, and its cancellation callbacks. The code is passed
    /// the call, because it can be under way before this method returns.
    /// </summary>
    ILaneCall<T> Begin<T>(Func<ILaneCall, CancellationToken, Task<T>> code, CancellationToken cancellation);
}

/// <summary>Calls that belong to no domain.</summary>
internal static class CallLaneExtensions
{
    /// <summary>Runs a plugin's code within the deadline for foreign code.</summary>
    /// <exception cref="TimeoutException">It did not return in time, and was abandoned.</exception>
    public static async Task<T> RunAsync<T>(this ICallLane lane, Func<CancellationToken, Task<T>> code, TimeProvider time)
    {
        using var limit = new CancellationTokenSource(CancellationDeadline.Time, time);
        var call = lane.Begin((_, token) => code(token), limit.Token);
        try
        {
            return await call.Ended.WaitAsync(CancellationDeadline.Time, time, CancellationToken.None);
        }
        catch (Exception)
        {
            call.Abandon();
            throw;
        }
    }
}

/// <summary>A call of a plugin's code, as its caller sees it.</summary>
internal interface ILaneCall<T> : ILaneCall
{
    Task<T> Ended { get; }
}

/// <summary>A call of a plugin's code.</summary>
internal interface ILaneCall
{
    /// <summary>Abandons the call: what it still does is stopped where that is possible, and its errors are ignored.</summary>
    void Abandon();

    /// <summary>Runs more of the plugin's code, such as a timer callback, as a part of this call.</summary>
    void Run(Action code);
}

/// <summary>Thrown when a plugin's code broke a rule of the host; the message says which.</summary>
internal sealed class ContainmentException(string message) : Exception(message);

/// <summary>The plugin's process ended during the call, or has not been started again yet. That was counted when it ended.</summary>
internal sealed class ProcessDownException(string message) : Exception(message);

/// <summary>The plugin is out of service.</summary>
internal sealed class QuarantinedException(string why) : Exception(why);
