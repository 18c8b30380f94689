using System.Buffers.Text;

namespace Actors.XenStore.Protocol;

/// <summary>
/// Reads domids, which the protocol defines as decimal numbers from 0 to 65535 (docs/misc/xenstore.txt). C xenstored reads them with
/// <c>atoi</c>, so there a sign, a blank, a letter or an overflow results in another domain, often dom0. Here all of those are errors.
/// </summary>
internal static class Domids
{
    private const int Largest = ushort.MaxValue;

    /// <summary>Returns whether a number is in the range of domids.</summary>
    public static bool IsValid(int domid) => domid is >= 0 and <= Largest;

    /// <summary>Reads a text that must consist of decimal digits. Returns <see langword="false"/> if it is not a domid.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out int domid)
    {
        domid = 0;
        return !text.IsEmpty && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && Utf8Parser.TryParse(text, out domid, out _) && IsValid(domid);
    }
}
