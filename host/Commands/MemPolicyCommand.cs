using System.CommandLine;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Registry;
using Actors.Host.CommandLine;
using Actors.Host.Control;
using Actors.XenStore;

namespace Actors.Host.Commands;

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
        var store = new StoreOptions();
        var command = new Command("mem-policy", "Show or set the policy or actor of a domain") { domain, actor };
        store.AddTo(command);
        command.SetAction((arguments, cancellation) => Terminal.GuardAsync(async () =>
        {
            await using var connection = await store.ConnectAsync(arguments, cancellation);
            var (domid, name) = await StoreOptions.FindDomainAsync(connection, arguments.GetRequiredValue(domain), cancellation);
            var host = await PublishedHost.ReadAsync(connection, cancellation);
            var path = PolicyKeys.Of(domid, PolicyKeys.Actor);
            if (arguments.GetValue(actor) is { } value)
            {
                Check(value, host);
                await connection.WriteTextAsync(path, value, cancellation);
            }
            var key = await connection.TryReadTextAsync(path, cancellation);
            var result = new ActorKeyResult(domid, name, key, host.Meaning(key));
            if (store.Json(arguments))
                Terminal.Json(result, CommandJson.Default.ActorKeyResult);
            else
                Terminal.Line($"{(name.Length > 0 ? name : $"domain {domid}")}: {key ?? "xl (the key is absent)"}: {result.Meaning}");
            return ExitCode.Ok;
        }));
        return command;
    }

    private static void Check(string value, PublishedHost host)
    {
        var (key, error) = ActorKey.Parse(value);
        if (key is null)
            throw new CommandException(ExitCode.Usage, error!);
        if (host.Running && key is { IsXl: true, Name.Length: > 0 } && !host.Policies.Contains(key.Name) && !host.Actors.Contains(key.Name))
            throw new CommandException(ExitCode.Failed, $"'{value}' means {host.Meaning(value)}; nothing was written");
    }
}
