using System.Text;

namespace Actors.XenStore.Client;

/// <summary>One watch of one queue. Its number is its token on the wire, so the same path and token in two queues are different watches.</summary>
internal sealed class WatchRegistration(WatchQueue queue, string path, string token, uint number)
{
    private readonly byte[] _path = Encoding.UTF8.GetBytes(path);

    public WatchQueue Queue { get; } = queue;

    public string Path { get; } = path;

    public string Token { get; } = token;

    public uint Number { get; } = number;

    /// <summary>Whether the daemon has accepted the watch once.</summary>
    public bool IsAdded { get; set; }

    /// <summary>The paths of its events that wait to be read. The queue guards this set with its lock.</summary>
    public HashSet<string> Waiting { get; } = new(StringComparer.Ordinal);

    /// <summary>Returns the path of an event. The most common path needs no new string.</summary>
    public string PathOf(ReadOnlySpan<byte> path) => path.SequenceEqual(_path) ? Path : Encoding.UTF8.GetString(path);
}
