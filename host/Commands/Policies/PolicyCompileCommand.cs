using System.CommandLine;
using Actors.Host.Policies.Lint;
using Actors.Host.Policies.Scripts;

namespace Actors.Host.Commands.Policies;

/// <summary><c>actors policy compile</c>: scripts compiled ahead, so that a daemon that starts needs no compiler.</summary>
internal static class PolicyCompileCommand
{
    public static Command Make()
    {
        var files = new PolicyFiles();
        var into = new Option<string>("--into") { Description = "The folder of compiled scripts", HelpName = "DIR", DefaultValueFactory = _ => HostPaths.Scripts };
        var command = new Command("compile", "Compile the C# in policies ahead, so that a daemon that starts needs no compiler; it finds them in the standard folder") { into };
        files.AddTo(command);
        command.SetAction((arguments, _) => Terminal.GuardAsync(() =>
        {
            var linter = new Linter(KnownActors.In(files.Plugins(arguments)), new ScriptCache(Path.GetFullPath(arguments.GetValue(into)!), Terminal.Talk));
            var errors = files.Chosen(arguments).SelectMany(linter.Lint).Where(finding => finding.IsError).ToList();
            errors.ForEach(error => Terminal.Talk(error.ToString()));
            return Task.FromResult(errors.Count > 0 ? ExitCode.InvalidConfiguration : ExitCode.Ok);
        }));
        return command;
    }
}
