using Actors.Isolation.Groups;
using Actors.Isolation.Messages;
using Actors.Loading.Compatibility;

namespace Actors.Loading.Processes;

/// <summary>How the processes of plugins are started.</summary>
/// <param name="Program">The program that is started in the role of a plugin's process.</param>
/// <param name="Grants">What the operator granted to plugins, by id.</param>
internal sealed record PluginProcessOptions(string Program, PluginGrants Grants)
{
    /// <summary>The seconds on the clock of the domains in a real one.</summary>
    public int Speed { get; init; } = 1;

    /// <summary>Makes a cgroup for each process; <see langword="null"/> if none was delegated to the daemon.</summary>
    public DelegatedGroup? Groups { get; init; }

    /// <summary>Whether a plugin runs in a process of its own.</summary>
    public bool Isolates(Candidate plugin) => plugin.Manifest!.OwnProcess || !(plugin.IsShipped || Grants.Of(plugin.Manifest.Id).InProcess);

    /// <summary>What a plugin's process may use.</summary>
    public LimitsBody LimitsOf(Manifest manifest)
    {
        var grant = Grants.Of(manifest.Id);
        return new LimitsBody
        {
            MemoryKib = (grant.Memory ?? manifest.Memory ?? PluginGrants.StandardMemory).Value,
            Files = PluginGrants.OpenFiles,
            Network = manifest.Network && grant.Network,
            Programs = manifest.Programs && grant.Programs,
            User = Grants.User,
        };
    }
}
