using System.CommandLine;
using System.Text.Json;
using Actors.Chains.Files;
using Actors.Chains.Scripts;
using Actors.Chains.Scripts.Processes;
using Actors.Chains.Scripts.Running;
using Actors.Cli.CommandLine;
using Actors.Cli.Control;
using Actors.Cli.Presentation;
using Actors.Dispatch.Registry;
using Actors.Host.Settings;

namespace Actors.Host.Commands.Policies;

/// <summary><c>actors policy list</c>: the policies of the running daemon and their states; without a daemon, the policies in the folder.</summary>
internal static class PolicyListCommand
{
    private static readonly IReadOnlyList<Column> Columns =
    [
        new("POLICY"),
        new("STATE") { Widest = 60 },
        new("STEPS") { Widest = 48 },
        new("KIND") { Drop = 1 },
        new("VERSION") { Drop = 2 },
    ];

    public static Command Make()
    {
        var (store, tables) = (new StoreOptions(), new TableOptions());
        var folder = FolderOptions.Policies("The folder to read if no daemon runs");
        var command = new Command("list", "Show the policies: which serve, which run as shadows, which are broken or out of service") { folder };
        tables.AddTo(command);
        store.AddTo(command);
        command.SetAction((arguments, cancellation) => Terminal.GuardAsync(async () =>
        {
            var policies = await FromDaemonAsync(store, arguments, cancellation) ?? InFolder(arguments.GetValue(folder)!);
            if (store.Json(arguments))
                Terminal.Json(policies, PolicyStatusJson.Default.IReadOnlyListListedPolicy);
            else
                tables.Print(new Table(Columns, "DESCRIPTION", [.. policies.Select(Row)]), arguments);
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

    private static TableRow Row(ListedPolicy listed)
    {
        var policy = listed.Policy;
        var state = State(listed);
        return new TableRow(
            [
                Cell.Of(policy.Name),
                Cell.Of(state, ToneOf(policy)),
                Cell.Of(string.Join(", ", policy.Steps)),
                Cell.Of(policy.Kind),
                Cell.Of(policy.Serving ?? policy.FileVersion),
            ],
            policy.Description);
    }

    private static Tone ToneOf(PolicyStatus policy) => policy switch
    {
        { Quarantined: not null } or { Behind: true } or { Problems.Count: > 0 } => Tone.Trouble,
        { Coming: true } => Tone.Active,
        { Serving: null } => Tone.Muted,
        _ => Tone.Plain,
    };

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
