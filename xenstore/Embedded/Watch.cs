using Actors.XenStore.Protocol;

namespace Actors.XenStore.Embedded;

/// <summary>A watch of a session.</summary>
internal sealed class Watch(long id, Session session, string path, string token, bool relative)
{
    public long Id { get; } = id;

    public Session Session { get; } = session;

    /// <summary>Absolute, or special.</summary>
    public string Path { get; } = path;

    public string Token { get; } = token;

    /// <summary>Hands an event to the session, with the path in the form in which it was watched.</summary>
    public void Fire(string path) => Session.Sink.Deliver(this, relative ? WithoutHome(path) : path);

    /// <summary>Whether an event can be of this watch.</summary>
    public bool MayHaveFired(WatchEvent happened)
    {
        if (happened.Token != Token || PathRules.IsRelative(happened.Path) != relative)
            return false;
        var path = PathRules.Resolve(happened.Path, Session.Domain.Domid);
        return Path == PathRules.Root || path == Path || path.StartsWith($"{Path}/", StringComparison.Ordinal);
    }

    private string WithoutHome(string path)
    {
        var rest = path[Session.Home.Length..];
        return rest.StartsWith('/') ? rest[1..] : rest;
    }
}
