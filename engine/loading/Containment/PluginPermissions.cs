using System.Collections.Frozen;
using Actors.Loading.Compatibility;
using Actors.Sdk;

namespace Actors.Loading.Containment;

/// <summary>A permission that a plugin requests, or that it would have to request.</summary>
/// <param name="Name">Such as <c>paging</c> or <c>host memory</c>.</param>
/// <param name="Requested">Whether its manifest requests it.</param>
/// <param name="Granted">Whether the operator grants it, or the default does.</param>
internal sealed record PluginPermission(string Name, bool Requested, bool Granted)
{
    public bool Allowed => Requested && Granted;
}

/// <summary>
/// What one plugin may do: what its manifest requests and the operator grants. Mechanisms act only on the domains for which the plugin is
/// called, and the host never grants its reserve, so both are granted unless the operator says otherwise; the rest is not.
/// </summary>
internal sealed class PluginPermissions
{
    public const string HostMemory = "host memory", Domains = "domains", Network = "network", Programs = "programs";

    private static readonly FrozenDictionary<Type, string> Mechanisms = new Dictionary<Type, string>
    {
        [typeof(IMaxMem)] = "max-mem",
        [typeof(IPaging)] = "paging",
        [typeof(ISharing)] = "sharing",
        [typeof(ITmem)] = "tmem",
        [typeof(IHinting)] = "hinting",
    }.ToFrozenDictionary();

    private readonly string _id;
    private readonly FrozenDictionary<string, PluginPermission> _all;

    private PluginPermissions(string id, IEnumerable<PluginPermission> all) => (_id, _all) = (id, all.ToFrozenDictionary(permission => permission.Name));

    /// <summary>The names of the mechanisms.</summary>
    public static IReadOnlyList<string> MechanismNames { get; } = [.. Mechanisms.Values.Order(StringComparer.Ordinal)];

    /// <summary>All permissions, ordered by name.</summary>
    public IEnumerable<PluginPermission> All => _all.Values.OrderBy(permission => permission.Name, StringComparer.Ordinal);

    public static PluginPermissions Of(Manifest manifest, PluginGrant grant)
    {
        var mechanisms = MechanismNames.Select(name => new PluginPermission(name, manifest.RequestsMechanism(name), grant.Mechanisms?.Contains(name) ?? true));
        return new PluginPermissions(manifest.Id,
        [
            .. mechanisms,
            new PluginPermission(HostMemory, manifest.RequestsHostMemory, grant.HostMemory),
            new PluginPermission(Domains, manifest.Domains, grant.Domains),
            new PluginPermission(Network, manifest.Network, grant.Network),
            new PluginPermission(Programs, manifest.Programs, grant.Programs),
        ]);
    }

    /// <summary>Whether the plugin has a permission.</summary>
    public bool Allow(string permission) => _all[permission].Allowed;

    /// <summary>Why the plugin may not use a mechanism; <see langword="null"/> if it may, or if this is no mechanism of the host.</summary>
    public string? Refusal(Type mechanism) => Mechanisms.TryGetValue(mechanism, out var name) ? Refusal(name) : null;

    /// <summary>Why the plugin may not use a mechanism of this name; <see langword="null"/> if it may, or if the host has no such mechanism.</summary>
    public string? RefusalOfMechanism(string name) => Mechanisms.Values.Contains(name) ? Refusal(name) : null;

    /// <summary>Why the plugin does not have a permission; <see langword="null"/> if it has it.</summary>
    public string? Refusal(string permission) => _all[permission] switch
    {
        { Requested: false } => $"the plugin '{_id}' may not use {permission}: its plugin.yaml does not request it",
        { Granted: false } => $"the plugin '{_id}' may not use {permission}: 'isolation' in actors.yaml does not grant it",
        _ => null,
    };
}
