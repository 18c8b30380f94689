using Actors.Dispatch.Domains;
using Actors.Dispatch.Settings;
using Actors.Dispatch.Snapshots;

namespace Actors.Dispatch;

/// <summary>Reads the snapshots of a domain. Keeps the settings, reads them again only after a change, and records them by UUID.</summary>
internal sealed class SnapshotSource(HostDomain domain, HostServices services, StoredSettings stored)
{
    private (int Version, DomainSettings? Read) _settings;

    /// <summary>The newest snapshot.</summary>
    public DomainSnapshot? Last { get; private set; }

    /// <summary>Reads a snapshot.</summary>
    /// <param name="settingsVersion">A number that grows when a setting may have changed. The caller gets it before anything is read.</param>
    /// <param name="cancellation">Cancels the read.</param>
    public async ValueTask<DomainSnapshot> ReadAsync(int settingsVersion, CancellationToken cancellation)
    {
        var known = _settings.Version == settingsVersion ? _settings.Read : null;
        var snapshot = await SnapshotReader.ReadAsync(services, domain.Identity.Domid, known, cancellation);
        await stored.RecordAsync(domain.Identity, snapshot, cancellation);
        _settings = (settingsVersion, snapshot.Settings);
        Last = await ControlDomain.RecordSizeAsync(services.Store, snapshot, cancellation);
        return Last;
    }
}
