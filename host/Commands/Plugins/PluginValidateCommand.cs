using System.CommandLine;
using Actors.Cli.CommandLine;
using Actors.Host.Daemon;
using Actors.Loading.Compatibility;

namespace Actors.Host.Commands.Plugins;

/// <summary><c>actors plugin validate</c>: checks whether plugins can be loaded, and lists all their problems. It needs no daemon.</summary>
internal static class PluginValidateCommand
{
    public static Command Make()
    {
        var folders = new Argument<string[]>("DIR") { Description = "Plugin folders", Arity = ArgumentArity.OneOrMore }.AsPath();
        var json = new Option<bool>("--json") { Description = "Print JSON" };
        var command = new Command("validate", "Check plugin folders without loading them; the exit code is 3 when the daemon would reject one") { folders, json };
        command.SetAction((arguments, _) => Terminal.GuardAsync(() =>
        {
            var trust = ConfiguredTrust.Read();
            var found = arguments.GetValue(folders)!
                .Select(folder => PluginValidation.Of(Candidate.Read(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)), trust: trust))).ToList();
            if (arguments.GetValue(json))
                Terminal.Json<IReadOnlyList<PluginValidation>>(found, PluginJson.Default.IReadOnlyListPluginValidation);
            else
                found.ForEach(Print);
            return Task.FromResult(found.TrueForAll(one => one.Fits) ? ExitCode.Ok : ExitCode.InvalidConfiguration);
        }));
        return command;
    }

    private static void Print(PluginValidation found)
    {
        var what = found.Id is null ? found.Folder : $"{found.Folder}: {found.Id} {found.Version}";
        if (found.Fits)
            Terminal.Line($"{what}: {found.Verdict}");
        foreach (var problem in found.Problems)
            Terminal.Line($"{what}: {found.Verdict}: {problem}");
    }
}
