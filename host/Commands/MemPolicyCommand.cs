using System.CommandLine;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Registry;
using Actors.Host.CommandLine;
using Actors.Host.Control;
using Actors.XenStore;

namespace Actors.Host.Commands;

/// <summary><c>actors mem-policy</c>: shows or sets who acts on a domain's target.</summary>
internal static class MemPolicyCommand
{
    public static Command Make()
    {
        var domain = new Argument<string>("DOMAIN") { Description = "A domid or a name" };
        var actor = new Argument<string?>("ACTOR")
        {
            Description = "xl (the default policy), xl:POLICY, ACTOR or ACTOR:ARGUMENT; shown when left out",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var store = new StoreOptions();
        var command = new Command("mem-policy", "Show or set who acts on a domain's target") { domain, actor };
        store.AddTo(command);
        command.SetAction((arguments, cancellation) => Terminal.GuardAsync(async () =>
        {
            await using var connection = await store.ConnectAsync(arguments, cancellation);
            var (domid, name) = await StoreOptions.FindDomainAsync(connection, arguments.GetRequiredValue(domain), cancellation);
            var host = await PublishedHost.ReadAsync(connection, cancellation);
            var path = PolicyKeys.Of(domid, PolicyKeys.Actor);
            if (arguments.GetValue(actor) is { } wanted)
            {
                Check(wanted, host);
                await connection.WriteTextAsync(path, wanted, cancellation);
            }
            var key = await connection.TryReadTextAsync(path, cancellation);
            var answer = new PolicyAnswer(domid, name, key, host.Meaning(key));
            if (store.Json(arguments))
                Terminal.Json(answer, CommandJson.Default.PolicyAnswer);
            else
                Console.WriteLine($"{(name.Length > 0 ? name : $"domain {domid}")}: {key ?? "xl (the key is absent)"}: {answer.Meaning}");
            return ExitCode.Ok;
        }));
        return command;
    }

    private static void Check(string wanted, PublishedHost host)
    {
        var (key, error) = ActorKey.Parse(wanted);
        if (key is null)
            throw new CommandException(ExitCode.Usage, error!);
        if (host.Running && key is { IsXl: true, Name.Length: > 0 } && !host.Policies.Contains(key.Name) && !host.Actors.Contains(key.Name))
            throw new CommandException(ExitCode.Failed, $"'{wanted}' means {host.Meaning(wanted)}; nothing was written");
    }
}
