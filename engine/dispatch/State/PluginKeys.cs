using Actors.Dispatch.Domains;
using Actors.XenStore;

namespace Actors.Dispatch.State;

/// <summary>The keys in which the host publishes the state of its plugins: <c>/tool/actors/plugins/ID</c>.</summary>
internal static class PluginKeys
{
    public const string Folder = PolicyKeys.Host + "/plugins";

    private const string Quarantined = "quarantined";

    /// <summary>The first word of a plugin's key.</summary>
    public static string State(string state) => $"state={state} ";

    /// <summary>The names under which plugins have a key.</summary>
    public static ValueTask<IReadOnlyList<string>> NamesAsync(IXenStore store, CancellationToken cancellation) => store.ListIfPresentAsync(Folder, cancellation);

    /// <summary>The plugins that are out of service according to xenstore.</summary>
    public static async Task<IReadOnlyList<string>> QuarantinedAsync(IXenStore store, CancellationToken cancellation)
    {
        var quarantined = new List<string>();
        foreach (var name in await NamesAsync(store, cancellation))
        {
            if ((await store.TryReadTextAsync($"{Folder}/{name}", cancellation))?.StartsWith(State(Quarantined), StringComparison.Ordinal) == true)
                quarantined.Add(name);
        }
        return quarantined;
    }
}
