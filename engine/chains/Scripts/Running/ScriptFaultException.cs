namespace Actors.Chains.Scripts.Running;

/// <summary>A script threw, or the host stopped it; the message says where.</summary>
/// <param name="message">The reason, with file and line.</param>
/// <param name="runaway">Whether the host had to stop it.</param>
internal sealed class ScriptFaultException(string message, bool runaway) : Exception(message)
{
    public bool Runaway { get; } = runaway;
}
