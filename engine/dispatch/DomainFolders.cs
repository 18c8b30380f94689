using System.Globalization;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Settings;
using Actors.Dispatch.State;
using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Dispatch;

/// <summary>The folders <c>memory-policy</c> of the domains: their permissions, their stored settings, and whether xenstore has lost them.</summary>
internal sealed class DomainFolders(IXenStore store, StoredSettings settings)
{
    private bool _published;

    public StoredSettings Settings => settings;

    public async Task StartAsync(CancellationToken cancellation) => _published = await store.TryReadAsync(PolicyKeys.Running, cancellation) is not null;

    /// <summary>Whether xenstore has lost what the host published in it.</summary>
    public async Task<bool> IsEmptiedAsync(CancellationToken cancellation) => _published && await store.TryReadAsync(PolicyKeys.Running, cancellation) is null;

    /// <summary>The domids in xenstore.</summary>
    public async Task<HashSet<int>> ListAsync(CancellationToken cancellation)
    {
        var names = await store.ListIfPresentAsync(PolicyKeys.Domains, cancellation);
        return [.. names.Select(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var domid) ? domid : -1)];
    }

    /// <summary>
    /// Whether a domain's folder was lost although the domain still runs, for example because its guest booted another kernel. When a domain is
    /// destroyed, the toolstack removes all of its nodes first.
    /// </summary>
    public async Task<bool> IsLostAsync(int domid, CancellationToken cancellation) =>
        !await IsOpenAsync(domid, cancellation)
        && (await store.TryReadAsync(PolicyKeys.NameOf(domid), cancellation) is not null || await IsEmptiedAsync(cancellation));

    /// <summary>Creates the folder of a new domid and restores its settings. The guest may read the keys that decide about it, but never write them.</summary>
    /// <returns>Whether the target was restored.</returns>
    public async Task<bool> OpenAsync(DomainIdentity domain, CancellationToken cancellation)
    {
        var folder = PolicyKeys.Of(domain.Domid);
        var wanted = domain.Domid == 0
            ? HostPermissions.Dom0Only
            : new NodePermissions(new NodePermission(0, NodeAccess.None), new NodePermission(domain.Domid, NodeAccess.Read));
        await store.MakeDirectoryAsync(folder, cancellation);
        var found = await store.GetPermissionsAsync(folder, cancellation);
        if (!wanted.Equals(found))
            await store.SetPermissionsAsync(folder, wanted, cancellation);
        if (found.WritableByGuests)
            await RemoveForgeableAsync(domain.Domid, cancellation);
        var isOpen = await IsOpenAsync(domain.Domid, cancellation);
        var restored = !isOpen && await settings.RestoreAsync(domain, cancellation);
        await StateStore.ProtectAsync(store, domain.Domid, cancellation);
        if (!isOpen)
            await store.WriteTextAsync(PolicyKeys.Of(domain.Domid, PolicyKeys.Uuid), $"{domain.Uuid}", cancellation);
        return restored;
    }

    private async Task<bool> IsOpenAsync(int domid, CancellationToken cancellation) =>
        await store.TryReadAsync(PolicyKeys.Of(domid, PolicyKeys.Uuid), cancellation) is not null;

    // Only the host writes these keys, and it trusts them. In a folder that was open to the guest, the guest may have written them.
    private async Task RemoveForgeableAsync(int domid, CancellationToken cancellation)
    {
        foreach (var key in new[] { PolicyKeys.State, PolicyKeys.BalloonTarget, PolicyKeys.LeftAlone, PolicyKeys.Waiting, PolicyKeys.Uuid })
            await store.RemoveIfPresentAsync(PolicyKeys.Of(domid, key), cancellation);
    }

    /// <summary>Removes a folder that a key created again while its domain ended.</summary>
    public async Task RemoveLeftoverAsync(int domid)
    {
        if (await store.TryReadAsync(PolicyKeys.NameOf(domid), CancellationToken.None) is null
            && await store.TryReadAsync(PolicyKeys.Of(domid), CancellationToken.None) is not null)
        {
            await store.RemoveAsync(PolicyKeys.Domain(domid), CancellationToken.None);
        }
    }
}
