namespace Actors.XenStore.Embedded;

/// <summary>A watch of a session.</summary>
internal sealed class Watch(long id, Session session, string path, string token, bool relative)
{
    public long Id { get; } = id;

    public Session Session { get; } = session;

    /// <summary>The absolute or special path.</summary>
    public string Path { get; } = path;

    public string Token { get; } = token;

    /// <summary>The memory in bytes that counts against the quota of its domain.</summary>
    public int Memory => Path.Length + Token.Length;

    /// <summary>The path as the session gave it: relative or absolute.</summary>
    public string AsWatched => relative ? WithoutHome(Path) : Path;

    /// <summary>Delivers an event to the session. Its path is relative if the watch is.</summary>
    public void Fire(string path) => Session.Sink.Deliver(this, relative ? WithoutHome(path) : path);

    private string WithoutHome(string path)
    {
        var rest = path[Session.Home.Length..];
        return rest.StartsWith('/') ? rest[1..] : rest;
    }
}
