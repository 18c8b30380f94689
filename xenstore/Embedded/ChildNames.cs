using System.Text;

namespace Actors.XenStore.Embedded;

/// <summary>
/// The names of a node's children in the order of their creation, as the wire wants them: a NUL after each. Never changes.
/// Lists that grow from one another share a buffer, so adding the next of ten thousand children copies nothing.
/// </summary>
internal sealed class ChildNames
{
    public static readonly ChildNames Empty = new(new Buffer { Bytes = [] }, 0);

    private readonly Buffer _buffer;
    private readonly int _length;

    private ChildNames(Buffer buffer, int length)
    {
        _buffer = buffer;
        _length = length;
    }

    public ReadOnlySpan<byte> Bytes => _buffer.Bytes.AsSpan(0, _length);

    public bool IsEmpty => _length == 0;

    public ChildNames Add(ReadOnlySpan<char> name)
    {
        var length = _length + name.Length + 1;
        var buffer = _buffer;
        if (buffer.Used != _length || buffer.Bytes.Length < length)
        {
            buffer = new Buffer { Bytes = new byte[_length == 0 ? length : 2 * length] };
            Bytes.CopyTo(buffer.Bytes);
        }
        Encoding.ASCII.GetBytes(name, buffer.Bytes.AsSpan(_length));
        buffer.Bytes[length - 1] = 0;
        buffer.Used = length;
        return new ChildNames(buffer, length);
    }

    /// <summary>
    /// The list without a name; this list, when it has no such name. (A transaction may see a node whose parent, looked at later, has lost it.)
    /// </summary>
    public ChildNames Remove(ReadOnlySpan<char> name)
    {
        Span<byte> wanted = stackalloc byte[name.Length + 1];
        Encoding.ASCII.GetBytes(name, wanted);
        wanted[^1] = 0;
        var at = 0;
        while (at < _length && !Bytes[at..].StartsWith(wanted))
            at += Bytes[at..].IndexOf((byte)0) + 1;
        if (at == _length)
            return this;
        var rest = new byte[_length - wanted.Length];
        Bytes[..at].CopyTo(rest);
        Bytes[(at + wanted.Length)..].CopyTo(rest.AsSpan(at));
        return new ChildNames(new Buffer { Bytes = rest, Used = rest.Length }, rest.Length);
    }

    public string[] ToArray() => IsEmpty ? [] : Encoding.ASCII.GetString(Bytes[..^1]).Split('\0');

    /// <summary>Bytes up to <see cref="Used"/> are seen by some list, and stay as they are.</summary>
    private sealed class Buffer
    {
        public required byte[] Bytes { get; init; }

        public int Used { get; set; }
    }
}
