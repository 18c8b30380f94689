using System.Collections.Concurrent;
using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Dispatch.Learning;

/// <summary>
/// What was learned about guests, by UUID, so that it survives a guest's reboot and a restart of the daemon. It is kept in xenstore, where
/// only dom0 can read it. Each key is read once.
/// </summary>
internal sealed class LearnedLimits(IXenStore store, TimeProvider time)
{
    // Not below /tool/actors: a daemon that stops removes that folder.
    private const string Folder = "/tool/actors-learned";

    private static readonly NodePermissions Dom0Only = new(new NodePermission(0, NodeAccess.None));

    private readonly ConcurrentDictionary<Guid, LearnedRecord?> _known = [];

    /// <summary>What is known about a guest and has not expired; <see langword="null"/> if nothing is.</summary>
    public async ValueTask<LearnedLimit?> FindAsync(Guid uuid, CancellationToken cancellation)
    {
        if (!_known.TryGetValue(uuid, out var record))
            _known[uuid] = record = LearnedRecord.Parse(await store.TryReadTextAsync(Path(uuid), cancellation));
        return record is not null && !record.Expired(time.GetUtcNow()) ? record.Limit : null;
    }

    /// <summary>Keeps a new limit, unless a crash has taught a higher one.</summary>
    public async ValueTask AddAsync(Guid uuid, LearnedLimit limit, CancellationToken cancellation)
    {
        if (await FindAsync(uuid, cancellation) is { Crashed: true } crash && !limit.Crashed && crash.Footprint >= limit.Footprint)
            return;
        var record = new LearnedRecord(limit, time.GetUtcNow());
        _known[uuid] = record;
        await WriteAsync(uuid, record, cancellation);
    }

    /// <summary>Writes what is known again, because xenstore has lost it.</summary>
    public async ValueTask RepublishAsync(CancellationToken cancellation)
    {
        foreach (var (uuid, record) in _known)
        {
            if (record is not null && await store.TryReadAsync(Path(uuid), cancellation) is null)
                await WriteAsync(uuid, record, cancellation);
        }
    }

    private async ValueTask WriteAsync(Guid uuid, LearnedRecord record, CancellationToken cancellation)
    {
        await store.WriteTextAsync(Path(uuid), record.ToString(), cancellation);
        await store.SetPermissionsAsync(Path(uuid), Dom0Only, cancellation);
    }

    private static string Path(Guid uuid) => $"{Folder}/{uuid}";
}
