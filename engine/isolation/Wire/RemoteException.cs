using Actors.Isolation.Messages;

namespace Actors.Isolation.Wire;

/// <summary>An exception that code in the other process threw.</summary>
internal sealed class RemoteException(ErrorBody error) : Exception(error.Message)
{
    public ErrorBody Error { get; } = error;
}
