using Actors.Isolation.Messages;
using Actors.Isolation.Wire;
using Actors.Sdk;

namespace Actors.Isolation.Remote;

/// <summary>Exceptions on their way between the processes.</summary>
internal static class Errors
{
    private const int MaxText = 16 << 10;
    private const string RequestKey = "actors.request";

    /// <summary>Describes an exception for the other process.</summary>
    public static ErrorBody Describe(Exception error)
    {
        if (error is RemoteException { Error: var known })
            return RequestOf(error) is not 0 and var request ? known with { Request = request } : known;
        var body = new ErrorBody { Kind = KindOf(error), Message = "", Type = error.GetType().Name, Request = RequestOf(error) };
        body = body with { Message = Cut(Read(() => error.Message)), Trace = Cut(Read(error.ToString)) };
        return error switch
        {
            // The constructor at the other end adds both again.
            HypervisorException { Call: var call, Errno: var errno } => body with { Call = call, Errno = errno, Message = Bare(body.Message, $"{call}: ", $" (errno {errno})") },
            DomainGoneException { Domid: var domid } => body with { Domid = domid },
            _ => body,
        };
    }

    /// <summary>Creates the exception that the other process described.</summary>
    public static Exception Restore(ErrorBody error) => error.Kind switch
    {
        ErrorKind.DomainGone => new DomainGoneException(error.Domid),
        ErrorKind.Mechanism => new MechanismException(error.Message),
        ErrorKind.Hypervisor => new HypervisorException(error.Call, error.Errno, error.Message),
        ErrorKind.Argument => new ArgumentException(error.Message),
        ErrorKind.Cancelled => new OperationCanceledException(error.Message),
        _ => new RemoteException(error),
    };

    /// <summary>Marks an exception with the request that failed with it, so that the daemon recognises its own when it comes back.</summary>
    public static Exception Mark(Exception error, long request)
    {
        error.Data[RequestKey] = request;
        return error;
    }

    private static ErrorKind KindOf(Exception error) => error switch
    {
        DomainGoneException => ErrorKind.DomainGone,
        MechanismException => ErrorKind.Mechanism,
        HypervisorException => ErrorKind.Hypervisor,
        OperationCanceledException => ErrorKind.Cancelled,
        ArgumentException => ErrorKind.Argument,
        _ => ErrorKind.Other,
    };

    // The exception may be a plugin's own class, with code of its own.
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

    private static long RequestOf(Exception error)
    {
        try
        {
            return error.Data[RequestKey] as long? ?? 0;
        }
        catch (Exception)
        {
            return 0;
        }
    }

    private static string Bare(string message, string before, string after) =>
        message.StartsWith(before, StringComparison.Ordinal) && message.EndsWith(after, StringComparison.Ordinal) && message.Length >= before.Length + after.Length
            ? message[before.Length..^after.Length] : message;

    private static string Cut(string? text) => text is null ? "" : text.Length <= MaxText ? text : text[..MaxText];
}
