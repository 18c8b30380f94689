using System.Text;

namespace Actors.XenStore.Embedded;

/// <summary>
/// The names of a node's children in order of creation, in wire format: each name ends with a NUL. Instances are immutable.
/// A list and the list made from it by adding a name share a buffer, so adding the next of ten thousand children copies nothing.
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
    /// Returns the list without a name, or this list if it does not have the name. (A transaction may see a node whose parent, read later, no longer lists it.)
    /// </summary>
    public ChildNames Remove(ReadOnlySpan<char> name)
    {
        Span<byte> entry = stackalloc byte[name.Length + 1];
        Encoding.ASCII.GetBytes(name, entry);
        entry[^1] = 0;
        var at = 0;
        while (at < _length && !Bytes[at..].StartsWith(entry))
            at += Bytes[at..].IndexOf((byte)0) + 1;
        if (at == _length)
            return this;
        var rest = new byte[_length - entry.Length];
        Bytes[..at].CopyTo(rest);
        Bytes[(at + entry.Length)..].CopyTo(rest.AsSpan(at));
        return new ChildNames(new Buffer { Bytes = rest, Used = rest.Length }, rest.Length);
    }

    public string[] ToArray() => IsEmpty ? [] : Encoding.ASCII.GetString(Bytes[..^1]).Split('\0');

    /// <summary>A shared buffer. Some list uses the bytes up to <see cref="Used"/>, so they must not change.</summary>
    private sealed class Buffer
    {
        public required byte[] Bytes { get; init; }

        public int Used { get; set; }
    }
}
