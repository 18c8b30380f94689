namespace Actors.XenStore.Protocol;

/// <summary>Reads a payload as a sequence of strings that end with a NUL.</summary>
internal ref struct PayloadReader(ReadOnlySpan<byte> payload)
{
    /// <summary>The bytes that have not been read.</summary>
    public ReadOnlySpan<byte> Rest { get; private set; } = payload;

    /// <summary>Reads the next string without its NUL. Returns <see langword="false"/> if no NUL is left.</summary>
    public bool TryRead(out ReadOnlySpan<byte> text)
    {
        var end = Rest.IndexOf((byte)0);
        text = end < 0 ? default : Rest[..end];
        if (end < 0)
            return false;
        Rest = Rest[(end + 1)..];
        return true;
    }
}
