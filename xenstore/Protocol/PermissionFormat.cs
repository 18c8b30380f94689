using System.Buffers.Text;
using System.Text;

namespace Actors.XenStore.Protocol;

/// <summary>Permissions on the wire. Each entry is <c>n</c>, <c>r</c>, <c>w</c> or <c>b</c>, the domid in decimal, and a NUL. The owner's entry is first.</summary>
internal static class PermissionFormat
{
    /// <summary>Reads all entries of a payload. Returns <see langword="false"/> if the payload is malformed or has no entry.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, out NodePermissions permissions)
    {
        permissions = null!;
        var entries = new List<NodePermission>();
        var reader = new PayloadReader(payload);
        while (reader.TryRead(out var text))
        {
            if (!TryParseEntry(text, out var entry))
                return false;
            entries.Add(entry);
        }
        if (entries.Count == 0 || !reader.Rest.IsEmpty)
            return false;
        permissions = new NodePermissions(entries);
        return true;
    }

    /// <summary>Returns the payload of permissions.</summary>
    public static byte[] ToBytes(NodePermissions permissions) =>
        Encoding.ASCII.GetBytes(string.Concat(permissions.Entries.Select(entry => $"{entry}\0")));

    private static bool TryParseEntry(ReadOnlySpan<byte> text, out NodePermission entry)
    {
        entry = default;
        if (text.Length < 2 || !TryParseDomid(text[1..], out var domid) || !TryParseAccess(text[0], out var access))
            return false;
        entry = new NodePermission(domid, access);
        return true;
    }

    /// <summary>C xenstored can store and return negative numbers, which are the domids of no domain. <see cref="NodePermission.IsValid"/> rejects them in requests.</summary>
    private static bool TryParseDomid(ReadOnlySpan<byte> text, out int domid) =>
        Utf8Parser.TryParse(text, out domid, out var used) && used == text.Length
        && (text[0] == '-' ? domid < 0 : text[0] is >= (byte)'0' and <= (byte)'9');

    private static bool TryParseAccess(byte letter, out NodeAccess access)
    {
        (access, var known) = letter switch
        {
            (byte)'n' => (NodeAccess.None, true),
            (byte)'r' => (NodeAccess.Read, true),
            (byte)'w' => (NodeAccess.Write, true),
            (byte)'b' => (NodeAccess.Both, true),
            _ => (NodeAccess.None, false),
        };
        return known;
    }
}
