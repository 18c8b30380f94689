using Actors.Cli.CommandLine;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Registry;
using Actors.Dispatch.State;
using Actors.XenStore;

namespace Actors.Cli.Control;

/// <summary>What a running daemon publishes about itself in xenstore.</summary>
internal sealed record PublishedHost(bool Running, IReadOnlyList<string> Actors, IReadOnlyList<string> Policies, string DefaultPolicy, string Journal, string Control)
{
    /// <summary>The classes of domains in its configuration.</summary>
    public DomainClasses Classes { get; private init; } = DomainClasses.None;

    /// <summary>The policies that will serve once their C# is compiled.</summary>
    public IReadOnlyList<string> Compiling { get; private init; } = [];

    /// <summary>The policies that do not serve because their file is broken.</summary>
    public IReadOnlyList<string> Broken { get; private init; } = [];

    public static async Task<PublishedHost> ReadAsync(IXenStore store, CancellationToken cancellation)
    {
        async Task<string> Key(string name) => await store.TryReadTextAsync($"{PolicyKeys.Host}/{name}", cancellation) ?? "";
        var control = await Key("control");
        return new PublishedHost(
            (await Key("pid")).Length > 0 && ControlClient.Listens(control),
            await NameList.ReadAsync(store, $"{PolicyKeys.Host}/actors", cancellation),
            await NameList.ReadAsync(store, $"{PolicyKeys.Host}/policies", cancellation),
            await Key("default-policy"),
            await Key("journal"),
            control)
        {
            Compiling = await NameList.ReadAsync(store, $"{PolicyKeys.Host}/compiling-policies", cancellation),
            Broken = await NameList.ReadAsync(store, $"{PolicyKeys.Host}/broken-policies", cancellation),
            Classes = await PublishedClasses.ReadAsync(store, cancellation),
        };
    }

    /// <summary>Describes what an actor key means to that daemon.</summary>
    public string Meaning(string? actorKey)
    {
        var (key, error) = ActorKey.Parse(actorKey);
        if (key is null)
            return error!;
        if (!Running)
            return $"{key}: its meaning is unknown because no actors daemon is running here";
        return (key.IsXl, Terminal.Value(key.Name)) switch
        {
            (true, "") => $"the default policy, '{DefaultPolicy}'",
            (true, var name) when Policies.Contains(name) => $"the policy '{name}'",
            (true, var name) when Actors.Contains(name) => $"the actor '{name}'",
            (true, var name) when Compiling.Contains(name) => $"the policy '{name}', which is still being compiled",
            (true, var name) when Broken.Contains(name) => $"the policy '{name}', whose file is broken ('actors policy list' shows why)",
            (true, var name) => $"unknown: there is no policy or actor '{name}'; loaded: {string.Join(", ", Policies.Union(Actors))}",
            (_, var name) when Actors.Contains(name) => $"the actor '{name}'" + (key.Argument.Length > 0 ? $" with the argument '{Terminal.Value(key.Argument)}'" : ""),
            (_, var name) when Policies.Contains(name) => $"an external actor '{name}', which the daemon leaves alone; to use the policy of that name, write 'xl:{name}'",
            (_, var name) => $"an external actor '{name}', which the daemon leaves alone",
        };
    }
}
