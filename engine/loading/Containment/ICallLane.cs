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

/// <summary>The plugin is out of service.</summary>
internal sealed class QuarantinedException(string why) : Exception(why);
