using System.CommandLine;
using System.Text.Json;
using Actors.Cli.CommandLine;
using Actors.Cli.Control;
using Actors.Dispatch.Settings;
using Actors.Host.Daemon;
using Actors.Sdk.Text;

namespace Actors.Host.Commands;

/// <summary><c>actors forget</c>: drops the settings of a domain, also of one that has ended.</summary>
internal static class ForgetCommand
{
    private const int LongestText = 64;

    public static Command Make()
    {
        var domain = new Argument<string>("DOMAIN") { Description = "A domid, a domain name or a UUID. The domain need not run" };
        var store = new StoreOptions();
        var command = new Command(
            "forget",
            "Drop what was set for a domain: target, actor, timeout, floor, min, max, share and sharing group. The daemon stores these settings "
            + "by UUID and restores them when the domain starts again. Example: actors forget db-1") { domain };
        store.AddTo(command);
        command.SetAction((arguments, cancellation) => Terminal.GuardAsync(async () =>
        {
            await using var connection = await store.ConnectAsync(arguments, cancellation);
            var answer = await ControlClient.RequestAsync(connection, ForgetVerb.Verb, [arguments.GetRequiredValue(domain)], cancellation);
            var result = answer.Deserialize(ForgetJson.Default.ForgottenSettings)!;
            if (store.Json(arguments))
                Terminal.Json(result, ForgetJson.Default.ForgottenSettings);
            else
                Terminal.Line($"{NameOf(result)}: {Text(result)}");
            return ExitCode.Ok;
        }));
        return command;
    }

    private static string NameOf(ForgottenSettings result) => result.Name.Length > 0 ? Printable.Of(result.Name, LongestText) : result.Uuid.ToString();

    private static string Text(ForgottenSettings result) => result.Dropped.Count == 0
        ? "nothing is set"
        : $"dropped {string.Join(", ", result.Dropped.Select(key => Printable.Of(StoredKeys.Describe(key.Key, key.Value), LongestText)))}";
}
