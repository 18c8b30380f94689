using Actors.Dispatch.Domains;
using Actors.Dispatch.Settings;
using Actors.Dispatch.Snapshots;
using Actors.Sdk;

namespace Actors.Dispatch;

/// <summary>Reads the snapshots of a domain. Keeps the settings, reads them again only after a change, and records them by UUID.</summary>
internal sealed class SnapshotSource(HostDomain domain, HostServices services, StoredSettings stored)
{
    private (int Version, DomainSettings? Read) _settings;

    /// <summary>The newest snapshot.</summary>
    public DomainSnapshot? Last { get; private set; }

    /// <summary>Whether the store is in this process: it replied at once.</summary>
    public bool StoreIsLocal { get; private set; }

    /// <summary>Whether the domain still has the folder that the host created for it.</summary>
    public async ValueTask<bool> HasFolderAsync(CancellationToken cancellation) =>
        await services.Store.TryReadAsync(PolicyKeys.Of(domain.Identity.Domid, PolicyKeys.Uuid), cancellation) is not null;

    /// <summary>Reads a snapshot.</summary>
    /// <param name="settingsVersion">A number that grows when a setting may have changed. The caller gets it before anything is read.</param>
    /// <param name="cancellation">Cancels the read.</param>
    public async ValueTask<DomainSnapshot> ReadAsync(int settingsVersion, CancellationToken cancellation)
    {
        var known = _settings.Version == settingsVersion ? _settings.Read : null;
        var reading = SnapshotReader.ReadAsync(services, domain.Identity.Domid, known, cancellation).AsTask();
        StoreIsLocal = reading.IsCompleted;
        var snapshot = await reading;
        if (stored.IsMissingKeys(domain.Identity, snapshot))
            snapshot = await ConfirmAsync(cancellation);
        stored.Record(domain.Identity, snapshot);
        _settings = (settingsVersion, snapshot.Settings);
        Last = await ControlDomain.RecordSizeAsync(services.Store, snapshot, cancellation);
        return Last;
    }

    // Keys that are missing were removed only if the folder is there before and after they are read. If it is not, the domain ends, or xenstore
    // has lost its contents and gets the keys back.
    private async ValueTask<DomainSnapshot> ConfirmAsync(CancellationToken cancellation)
    {
        if (!await HasFolderAsync(cancellation))
            throw new DomainGoneException(domain.Identity.Domid);
        var snapshot = await SnapshotReader.ReadAsync(services, domain.Identity.Domid, known: null, cancellation);
        return await HasFolderAsync(cancellation) ? snapshot : throw new DomainGoneException(domain.Identity.Domid);
    }
}
