using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Actors.Cli.CommandLine;
using Actors.Cli.Control;
using Actors.Cli.Presentation;
using Actors.Host.Daemon;
using Actors.Loading;
using Actors.Loading.Compatibility;
using Actors.Sdk;

namespace Actors.Host.Commands.Plugins;

/// <summary><c>actors plugin inspect</c>: shows everything about one plugin, in a folder or in the daemon.</summary>
internal static class PluginInspectCommand
{
    public static Command Make()
    {
        var which = new Argument<string>("DIR|NAME") { Description = "A plugin folder, or the name of a plugin in the daemon, which comes first" }.AsPath();
        var store = new StoreOptions();
        var command = new Command("inspect", "Show a plugin's manifest, compatibility, references, and files with their hashes") { which };
        store.AddTo(command);
        command.SetAction((arguments, cancellation) => Terminal.GuardAsync(async () =>
        {
            var name = arguments.GetValue(which)!;
            var found = await FindAsync(store, arguments, name, cancellation);
            if (store.Json(arguments))
                Terminal.Json(found, PluginJson.Default.PluginInspection);
            else
                Print(found);
            return ExitCode.Ok;
        }));
        return command;
    }

    // The project of a plugin is often in a folder of the same name, so the daemon comes first unless the folder is given as a path.
    private static async Task<PluginInspection> FindAsync(StoreOptions store, ParseResult arguments, string name, CancellationToken cancellation)
    {
        var isFolder = Directory.Exists(name);
        if (isFolder && (name.Contains('/', StringComparison.Ordinal) || name is "." or ".."))
            return OfFolder(name);
        try
        {
            return await RequestAsync(store, arguments, name, cancellation);
        }
        catch (CommandException) when (isFolder)
        {
            return OfFolder(name);
        }
    }

    private static PluginInspection OfFolder(string name) =>
        PluginInspection.Of(Candidate.Read(Path.TrimEndingDirectorySeparator(Path.GetFullPath(name)), trust: ConfiguredTrust.Read()));

    private static async Task<PluginInspection> RequestAsync(StoreOptions store, ParseResult arguments, string name, CancellationToken cancellation)
    {
        if (name.Contains('/', StringComparison.Ordinal))
            throw new CommandException(ExitCode.Failed, $"there is no folder '{name}'");
        await using var connection = await store.ConnectAsync(arguments, cancellation);
        var answer = await ControlClient.RequestAsync(connection, PluginVerbs.Inspect, [name], cancellation);
        return answer.Deserialize(PluginJson.Default.PluginInspection)!;
    }

    private static void Print(PluginInspection found)
    {
        Line("folder", found.Folder);
        Line("plugin", found.Id is null ? "-" : $"{found.Id} {found.Version}");
        Line("signature", found.Signature);
        Line("verdict", found.Verdict);
        foreach (var problem in found.Problems)
            Line("", problem);
        if (found.Status is { } status)
            Line("state", $"{status.State}, generation {status.Generation}, {status.Calls} runs, {status.Draining} draining, {status.Leaked} leaked");
        foreach (var problem in found.Status?.Problems.Except(found.Problems) ?? [])
            Line("", problem);
        if (found.Status is { State: "serving" or "quarantined" } serving)
            Line("process", ProcessOf(serving));
        if (found.Status?.Rollback is { } rollback)
            Line("rollback to", rollback);
        Line("contract", found.Contract ?? "-");
        Line("actors", string.Join(", ", found.Actors));
        Line("needs", string.Join(", ", found.Needs));
        if (found.Requests.Count > 0)
            Line("requests", string.Join(", ", found.Requests));
        foreach (var permission in found.Status?.Permissions.Where(permission => permission.Requested) ?? [])
            Line(permission.Granted ? "granted" : "not granted", permission.Name);
        if (found.Status?.OwnMechanisms is { Count: > 0 } own)
            Line("offers", string.Join(", ", own));
        foreach (var metric in found.Status?.Metrics ?? [])
            Line("metric", string.Create(CultureInfo.InvariantCulture, $"{metric.Name} {metric.Value:0.######}{(metric.Unit.Length > 0 ? $" {metric.Unit}" : "")}"));
        Line("author", found.Author);
        foreach (var reference in found.References)
            Line("reference", $"{reference.Name} {reference.Version}");
        foreach (var file in found.Files)
            Line("file", string.Create(CultureInfo.InvariantCulture, $"{file.Sha256}  {file.Name} ({file.Bytes} bytes)"));
    }

    private static string ProcessOf(PluginStatus status) => status.Process switch
    {
        null => "the daemon's",
        { Id: 0, Starts: var starts } => $"none now; started {Times(starts)}",
        var own => $"{own.Id.ToString(CultureInfo.InvariantCulture)}, {new Kib(own.PrivateMemory >> 10)} private, started {Times(own.Starts)}"
            + (own.Group is { } group ? $", in a cgroup of its own ({group})" : ", without a cgroup of its own")
            + string.Concat(own.MissingLimits.Select(limit => $"; no limit of {limit}")),
    };

    private static string Times(int count) => count == 1 ? "once" : string.Create(CultureInfo.InvariantCulture, $"{count} times");

    private static void Line(string what, string value) => Screen.Standard().Print($"{what,-12}", value);
}
