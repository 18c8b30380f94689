using Actors.Isolation.Messages;
using Actors.Loading.Containment;
using Actors.Sdk;

namespace Actors.Loading.Processes;

/// <summary>What the operator granted to plugins.</summary>
/// <param name="ById">The grants by the id of the plugin.</param>
/// <param name="User">The user of the processes; <see langword="null"/> for the daemon's own.</param>
internal sealed record PluginGrants(IReadOnlyDictionary<string, PluginGrant> ById, UserBody? User)
{
    /// <summary>The private memory of a process, unless the operator or the manifest says otherwise. The runtime's heap gets half of it.</summary>
    public static readonly Kib StandardMemory = Kib.FromMiB(512);

    /// <summary>The open files of a process.</summary>
    public const int OpenFiles = 256;

    public static PluginGrants None { get; } = new(new Dictionary<string, PluginGrant>(), null);

    public PluginGrant Of(string id) => ById.GetValueOrDefault(id, PluginGrant.None);
}
