using System.Text;

namespace Actors.XenStore.Client;

/// <summary>One watch of one queue. Its number is its token on the wire, so that queues cannot be taken for each other.</summary>
internal sealed class WatchRegistration(WatchQueue queue, string path, string token, uint number)
{
    private readonly byte[] _path = Encoding.UTF8.GetBytes(path);

    public WatchQueue Queue { get; } = queue;

    public string Path { get; } = path;

    public string Token { get; } = token;

    public uint Number { get; } = number;

    /// <summary>The paths of its events that wait to be read; the queue's.</summary>
    public HashSet<string> Waiting { get; } = new(StringComparer.Ordinal);

    /// <summary>The path of an event; no new string for the commonest one.</summary>
    public string PathOf(ReadOnlySpan<byte> path) => path.SequenceEqual(_path) ? Path : Encoding.UTF8.GetString(path);
}
