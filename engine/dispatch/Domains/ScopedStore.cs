using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Dispatch.Domains;

/// <summary>
/// Access to one domain's subtree and nothing else. What is written to <c>memory/target</c> is recorded as the actors' own. A reply arrives
/// on the thread of the store connection, and the caller continues there: changing threads costs more than most calls of an actor.
/// </summary>
internal sealed class ScopedStore(IXenStore store, TimeProvider time, int domid) : IDomainStore
{
    /// <summary>The key <c>memory/target</c>, and who wrote it last.</summary>
    public BalloonTargetKey BalloonTarget { get; } = new(store, time, domid);

    /// <summary>What actors have written.</summary>
    public ActorKeys Keys { get; } = new(store);

    /// <summary>Writes everything again that actors have written, because xenstore has lost it.</summary>
    /// <param name="withBalloonTarget">Whether the balloon target belongs to actors, and not to another program.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    public async ValueTask RepublishAsync(bool withBalloonTarget, CancellationToken cancellation)
    {
        await BalloonTarget.RepublishAsync(withBalloonTarget, cancellation);
        await Keys.RestoreAsync(cancellation);
    }

    private readonly string _root = $"/local/domain/{domid}/";

    public async ValueTask<string?> ReadAsync(string path, CancellationToken cancellation)
    {
        var inside = Inside(path);
        return path switch
        {
            DomainKeys.BalloonTarget => await BalloonTarget.ReadAsync(cancellation),
            DomainKeys.OwnBalloonTarget => BalloonTarget.Own,
            _ => await StoreRetry.RunAsync(() => store.TryReadTextAsync(inside, cancellation), time, cancellation),
        };
    }

    public async ValueTask WriteAsync(string path, string value, CancellationToken cancellation)
    {
        var inside = Writable(path);
        if (path == DomainKeys.BalloonTarget)
        {
            await BalloonTarget.WriteAsync(value, cancellation);
        }
        else
        {
            Keys.Written(inside, value);
            await StoreRetry.RunAsync(() => store.WriteTextAsync(inside, value, cancellation), time, cancellation);
        }
    }

    public async ValueTask RemoveAsync(string path, CancellationToken cancellation)
    {
        var inside = Writable(path);
        if (path == DomainKeys.BalloonTarget)
        {
            await BalloonTarget.RemoveAsync(cancellation);
        }
        else
        {
            Keys.Removed(inside);
            await StoreRetry.RunAsync(() => store.RemoveIfPresentAsync(inside, cancellation), time, cancellation);
        }
    }

    public async ValueTask<IReadOnlyList<string>> ListAsync(string path, CancellationToken cancellation)
    {
        var inside = Inside(path);
        return await StoreRetry.RunAsync(() => store.ListIfPresentAsync(inside, cancellation), time, cancellation);
    }

    public IAsyncEnumerable<string?> WatchAsync(string path, CancellationToken cancellation) => KeyWatch.FollowAsync(store, Inside(path), time, cancellation);

    private string Writable(string path)
    {
        var inside = Inside(path);
        if (PolicyKeys.IsReserved(path))
            throw new ArgumentException($"'{path}' belongs to the toolstack and the host: an actor may only read it; its own keys belong in {PolicyKeys.Folder}/NAME", nameof(path));
        return inside;
    }

    private string Inside(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (path[0] is '/' or '@' || path.Contains("//", StringComparison.Ordinal))
            throw new ArgumentException($"'{path}' leads out of the domain's subtree; give a path relative to {_root}", nameof(path));
        return _root + path;
    }
}
