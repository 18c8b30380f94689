using Actors.Dispatch.Domains;
using Actors.Dispatch.Journal;
using Actors.Dispatch.Snapshots;
using Actors.Sdk;
using Actors.Sdk.Text;
using Actors.XenStore;

namespace Actors.Dispatch.Settings;

/// <summary>
/// Records what the toolstack sets for a domain, and writes it again for the domain's next domid. A domid is new until
/// the key <see cref="PolicyKeys.Uuid"/> was written for it; from then on, its keys in xenstore count.
/// </summary>
internal sealed class StoredSettings(HostServices services, SettingsArchive archive)
{
    private const int MaxShown = 120;

    public SettingsArchive Archive => archive;

    /// <summary>Writes the recorded keys that the domain does not have. What the toolstack has written for the new domid wins.</summary>
    /// <returns>Whether the target was one of them.</returns>
    public async Task<bool> RestoreAsync(DomainIdentity domain, CancellationToken cancellation)
    {
        if (IsAnonymous(domain) || archive.Find(domain.Uuid) is not { } record)
            return false;
        var restored = new List<string>();
        // A target that was written for the new domid overrides that the domain was left alone.
        var hasTarget = await HasAsync(domain.Domid, PolicyKeys.Target, cancellation);
        foreach (var key in StoredKeys.All.Where(record.Keys.ContainsKey))
        {
            if (key is PolicyKeys.Target or PolicyKeys.LeftAlone ? hasTarget : await HasAsync(domain.Domid, key, cancellation))
                continue;
            await services.Store.WriteTextAsync(PolicyKeys.Of(domain.Domid, key), record.Keys[key], cancellation);
            restored.Add(Printable.Of(StoredKeys.Describe(key, record.Keys[key]), MaxShown));
        }
        if (restored.Count > 0)
            Report(domain, $"restored from the settings of {domain.Uuid}: {string.Join(", ", restored)}");
        return !hasTarget && record.Keys.ContainsKey(PolicyKeys.Target);
    }

    /// <summary>Whether a recorded key is missing in a snapshot: it was removed, or the whole folder is gone.</summary>
    public bool IsMissingKeys(DomainIdentity domain, DomainSnapshot snapshot) =>
        !IsAnonymous(domain) && archive.Find(domain.Uuid)?.Keys is { } stored && StoredKeys.Of(snapshot, stored) is var keys && stored.Keys.Any(key => !keys.ContainsKey(key));

    /// <summary>Records the keys of a domain, before they are acted on.</summary>
    public void Record(DomainIdentity domain, DomainSnapshot snapshot)
    {
        if (!IsAnonymous(domain))
            archive.Store(domain, StoredKeys.Of(snapshot, archive.Find(domain.Uuid)?.Keys ?? new Dictionary<string, string>()));
    }

    // Domains that a boot loader creates have no UUID. The one of dom0 is all zeros as well, but there is only one dom0.
    private static bool IsAnonymous(DomainIdentity domain) => domain.Uuid == Guid.Empty && domain.Domid != 0;

    private async ValueTask<bool> HasAsync(int domid, string key, CancellationToken cancellation) =>
        await services.Store.TryReadAsync(PolicyKeys.Of(domid, key), cancellation) is not null;

    private void Report(DomainIdentity domain, string text)
    {
        services.Log(domain).Info(text);
        services.Journal.Append(new JournalEntry
        {
            Time = services.Time.GetUtcNow(),
            Domid = domain.Domid,
            Uuid = domain.Uuid,
            Name = domain.Name,
            Serial = 0,
            Outcome = "restored",
            Reason = text,
        });
    }
}
