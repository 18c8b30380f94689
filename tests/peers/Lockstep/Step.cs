using Actors.XenStore.Protocol;

namespace Actors.Peers.Lockstep;

/// <summary>One random request. Both stores get the same request on the same connection.</summary>
/// <param name="Connection">The index of the connection.</param>
/// <param name="Type">The type of the request.</param>
/// <param name="Payload">The payload with its NULs.</param>
/// <param name="Transaction">The index of an open transaction of the connection, or -1.</param>
internal sealed record Step(int Connection, MessageType Type, string Payload, int Transaction)
{
    public override string ToString()
    {
        var payload = Payload.Length <= 80 ? Payload : $"{Payload[..80]}… ({Payload.Length} bytes)";
        var printable = new string([.. payload.Select(letter => letter == '\0' ? '|' : letter is >= ' ' and <= '~' or '…' ? letter : '?')]);
        return $"connection {Connection}: {Type} {printable}{(Transaction < 0 ? "" : $" in transaction {Transaction}")}";
    }
}
