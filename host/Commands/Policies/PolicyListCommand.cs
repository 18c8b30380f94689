using System.CommandLine;
using System.Text.Json;
using Actors.Chains.Files;
using Actors.Chains.Scripts;
using Actors.Chains.Scripts.Processes;
using Actors.Chains.Scripts.Running;
using Actors.Cli.CommandLine;
using Actors.Cli.Control;
using Actors.Dispatch.Registry;
using Actors.Host.Daemon;
using Actors.Host.Settings;

namespace Actors.Host.Commands.Policies;

/// <summary><c>actors policy list</c>: the policies of the running daemon and their states; without a daemon, the policies in the folder.</summary>
internal static class PolicyListCommand
{
    public static Command Make()
    {
        var store = new StoreOptions();
        var folder = new Option<string>("--policies") { Description = "The folder to read if no daemon runs", HelpName = "DIR", DefaultValueFactory = _ => new HostOptions().PolicyFolder }.AsPath();
        var command = new Command("list", "Show the policies: which serve, which run as shadows, which are broken or out of service") { folder };
        store.AddTo(command);
        command.SetAction((arguments, cancellation) => Terminal.GuardAsync(async () =>
        {
            var policies = await FromDaemonAsync(store, arguments, cancellation) ?? InFolder(arguments.GetValue(folder)!);
            if (store.Json(arguments))
                Terminal.Json(policies, PolicyStatusJson.Default.IReadOnlyListListedPolicy);
            else
                Terminal.Table(["policy", "kind", "steps", "version", "state", "description"], policies.Select(Row));
            foreach (var message in policies.SelectMany(policy => policy.Policy.Problems.Concat(policy.Policy.Warnings)))
                Terminal.Message(message);
            return ExitCode.Ok;
        }));
        return command;
    }

    private static async Task<IReadOnlyList<ListedPolicy>?> FromDaemonAsync(StoreOptions options, ParseResult arguments, CancellationToken cancellation)
    {
        try
        {
            await using var store = await options.ConnectAsync(arguments, cancellation);
            return (await ControlClient.RequestAsync(store, ListedPolicy.Verb, [], cancellation)).Deserialize(PolicyStatusJson.Default.IReadOnlyListListedPolicy);
        }
        catch (Exception error) when (error is CommandException { ExitCode: ExitCode.Unreachable } or XenStore.XenStoreConnectionException)
        {
            Terminal.Message($"{error.Message}; the list shows the folder, which no daemon serves");
            return null;
        }
    }

    private static IReadOnlyList<ListedPolicy> InFolder(string folder)
    {
        if (!Directory.Exists(folder))
            throw new CommandException(ExitCode.InvalidConfiguration, $"{folder}: there is no such folder");
        using var compiler = new ProcessCompiler(ScriptProcesses.ForCommand);
        var reader = new PolicyReader(new ScriptStore(null), compiler, new LocalRunner(), new ActorDirectory(""), TimeProvider.System, Scripting.ScriptLimits.Standard);
        return [.. PolicyReader.FilesIn(folder).Select(file => Read(file, reader))];
    }

    private static ListedPolicy Read(string file, PolicyReader reader)
    {
        var problems = new Yaml.YamlProblems(file);
        var bytes = PolicyReader.Bytes(file, problems);
        var version = bytes is null ? null : reader.Read(file, bytes, problems, []);
        return new ListedPolicy(
            new PolicyStatus
            {
                Name = PolicyFile.NameOf(file),
                Kind = PolicyFile.KindOf(file) == PolicyFileKind.Script ? "script" : "yaml",
                File = file,
                Description = version?.Description ?? "",
                Steps = version?.Steps ?? [],
                FileVersion = bytes is null ? "-" : PolicyReader.Hash(bytes),
                Problems = [.. problems.InOrder.Select(problem => problem.ToString())],
            },
            Default: false,
            version?.Entry.Shadow == true ? "file" : null);
    }

    private static string[] Row(ListedPolicy listed)
    {
        var policy = listed.Policy;
        return [policy.Name, policy.Kind, string.Join(", ", policy.Steps), policy.Serving ?? policy.FileVersion, State(listed), policy.Description];
    }

    private static string State(ListedPolicy listed) => listed switch
    {
        { Policy.Quarantined: { } reason } => $"out of service: {reason}",
        { Policy.Behind: true } => "its file is broken; the last good version serves",
        { Policy.Problems.Count: > 0 } => "broken",
        { Policy.Coming: true } => "being compiled",
        { Policy.Serving: null } => "not served",
        { Shadow: "file" } => "runs as a shadow",
        { Shadow: "run" } => "serves, and runs as a shadow (--shadow)",
        { Default: true } => "serves, the default",
        _ => "serves",
    };
}
