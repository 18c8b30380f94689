using System.CommandLine;
using System.Text.Json;
using Actors.Cli.CommandLine;
using Actors.Cli.Control;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Registry;
using Actors.Dispatch.Snapshots;
using Actors.Sdk.Text;
using Actors.XenStore;

namespace Actors.Cli.Commands;

/// <summary><c>actors mem-policy</c>: shows or sets the policy or actor of a domain.</summary>
internal static class MemPolicyCommand
{
    public static Command Make()
    {
        var domain = new Argument<string>("DOMAIN") { Description = "A domid or a domain name" };
        var actor = new Argument<string?>("ACTOR")
        {
            Description = "xl (the default policy), xl:POLICY, ACTOR or ACTOR:ARGUMENT. Without it, the command shows the current one",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var external = new Option<bool>("--external") { Description = "Accept an actor that the daemon does not have: a tool of yours works on the target" };
        var store = new StoreOptions();
        var command = new Command("mem-policy", "Show or set the policy or actor of a domain") { domain, actor, external };
        store.AddTo(command);
        command.SetAction((arguments, cancellation) => Terminal.GuardAsync(async () =>
        {
            await using var connection = await store.ConnectAsync(arguments, cancellation);
            var (domid, name) = await StoreOptions.FindDomainAsync(connection, arguments.GetRequiredValue(domain), cancellation);
            var host = await PublishedHost.ReadAsync(connection, cancellation);
            var path = PolicyKeys.Of(domid, PolicyKeys.Actor);
            if (arguments.GetValue(actor) is { } value)
            {
                if (ActorKey.Parse(value) is (null, { } malformed))
                    throw new CommandException(ExitCode.Usage, malformed);
                if (host.Running && await WhyNotAsync(value, arguments.GetValue(external), host, connection, cancellation) is { } problem)
                    throw new CommandException(ExitCode.Failed, $"nothing was written: {problem}");
                await connection.WriteTextAsync(path, value, cancellation);
            }
            var snapshot = await SnapshotReader.ReadKeysAsync(connection, domid, known: null, cancellation);
            var (key, source) = (await SettingsView.ReadAsync(connection, snapshot, host, cancellation)).Actor;
            var result = new ActorKeyResult(domid, name, key, source, host.Meaning(key));
            if (store.Json(arguments))
                Terminal.Json(result, CommandJson.Default.ActorKeyResult);
            else
                Terminal.Line($"{(name.Length > 0 ? Terminal.Value(name) : $"domain {domid}")}: {(key is null ? "xl (the key is absent)" : snapshot.Settings.Actor is null ? $"{Terminal.Value(key)} ({source})" : Terminal.Value(key))}: {result.Meaning}");
            return ExitCode.Ok;
        }));
        return command;
    }

    private static async Task<string?> WhyNotAsync(string value, bool external, PublishedHost host, IXenStore store, CancellationToken cancellation)
    {
        var key = ActorKey.Parse(value).Key!;
        if (key is { IsXl: true, Name.Length: > 0 } && !host.Policies.Contains(key.Name) && !host.Actors.Contains(key.Name) && !host.Compiling.Contains(key.Name))
            return await BrokenAsync(key.Name, store, cancellation) ?? Unknown("policy or actor", key.Name, host.Policies.Union(host.Actors));
        if (key.IsXl || external || host.Actors.Contains(key.Name))
            return null;
        if (host.Policies.Contains(key.Name))
            return $"'{key.Name}' is a policy, not an actor: write 'xl:{key.Name}'";
        return await BrokenAsync(key.Name, store, cancellation) is { } broken
            ? $"{broken}; once it is repaired, write 'xl:{key.Name}'"
            : $"{Unknown("actor", key.Name, host.Actors)} If a tool of yours works on the target, add --external";
    }

    private static string Unknown(string what, string name, IEnumerable<string> known) => Suggestion.For(name, known) is { } meant
        ? $"there is no {what} '{name}'; did you mean '{meant}'?"
        : $"there is no {what} '{name}'; loaded: {string.Join(", ", known.Order(StringComparer.Ordinal))}.";

    // Only the daemon knows which policies are broken. It may belong to another user, who can still have written the key.
    private static async Task<string?> BrokenAsync(string name, IXenStore store, CancellationToken cancellation)
    {
        try
        {
            var answer = await ControlClient.RequestAsync(store, ListedPolicy.Verb, [], cancellation);
            var listed = answer.Deserialize(PolicyStatusJson.Default.IReadOnlyListListedPolicy)!.FirstOrDefault(policy => policy.Policy.Name == name);
            return listed is { Policy.Problems: [var problem, ..] } ? $"the policy '{name}' is broken: {problem}" : null;
        }
        catch (CommandException)
        {
            return null;
        }
    }
}
