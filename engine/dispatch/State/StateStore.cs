using System.Text;
using Actors.Dispatch.Domains;
using Actors.XenStore;

namespace Actors.Dispatch.State;

/// <summary>
/// Keeps the state of a domain in two keys: <c>state</c>, which the guest may read, has the outcome and the numbers; <c>reason</c>, which
/// only dom0 may read, has the reason, because it may name paths and amounts of dom0.
/// </summary>
internal static class StateStore
{
    /// <summary>Creates the key of the reason with its permissions. A new key would inherit those of the folder, which the guest may read.</summary>
    public static async ValueTask ProtectAsync(IXenStore store, int domid, CancellationToken cancellation)
    {
        var path = PolicyKeys.Of(domid, PolicyKeys.Reason);
        var permissions = await store.TryGetPermissionsAsync(path, cancellation);
        if (permissions is null)
            await store.WriteTextAsync(path, "", cancellation);
        if (permissions is null || !HostPermissions.Dom0Only.Equals(permissions))
            await store.SetPermissionsAsync(path, HostPermissions.Dom0Only, cancellation);
    }

    public static async ValueTask<StateKey?> TryReadAsync(IXenStore store, int domid, CancellationToken cancellation)
    {
        ValueTask<byte[]?> state, reason;
        using (store.Batch())
        {
            state = store.TryReadAsync(PolicyKeys.Of(domid, PolicyKeys.State), cancellation);
            reason = store.TryReadAsync(PolicyKeys.Of(domid, PolicyKeys.Reason), cancellation);
        }
        var (key, text) = (await state, await reason);
        if (key is null || StateKey.Parse(Encoding.UTF8.GetString(key)) is not { } parsed)
            return null;
        return text is { Length: > 0 } ? parsed with { Reason = StoreText.Fit(Encoding.UTF8.GetString(text), StoreText.MaxBytes) } : parsed;
    }

    /// <summary>Writes the reason first, so that nobody sees a new state without its reason.</summary>
    public static async ValueTask WriteAsync(IXenStore store, int domid, StateKey state, StateKey? last, CancellationToken cancellation)
    {
        var reason = Task.CompletedTask;
        Task rest;
        using (store.Batch())
        {
            if (state.Reason != last?.Reason)
                reason = store.WriteTextAsync(PolicyKeys.Of(domid, PolicyKeys.Reason), StoreText.Fit(state.Reason, StoreText.MaxBytes), cancellation).AsTask();
            rest = store.WriteTextAsync(PolicyKeys.Of(domid, PolicyKeys.State), (state with { Reason = "" }).ToString(), cancellation).AsTask();
        }
        await Task.WhenAll(reason, rest);
    }
}
