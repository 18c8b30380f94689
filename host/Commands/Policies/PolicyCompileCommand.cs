using System.CommandLine;
using Actors.Chains.Scripts;
using Actors.Chains.Scripts.Processes;
using Actors.Cli.CommandLine;
using Actors.Cli.Settings;
using Actors.Host.PolicyTests;
using Actors.Host.Settings;

namespace Actors.Host.Commands.Policies;

/// <summary><c>actors policy compile</c>: compiles scripts in advance, so that the daemon needs no compiler when it starts.</summary>
internal static class PolicyCompileCommand
{
    public static Command Make()
    {
        var files = new PolicyFiles();
        var into = new Option<string>("--into") { Description = "The folder for the compiled scripts", HelpName = "DIR", DefaultValueFactory = _ => HostPaths.Scripts }.AsPath();
        var command = new Command("compile", "Compile the C# in policies in advance, so that the daemon needs no compiler when it starts; it looks in the standard folder") { into };
        files.AddTo(command);
        command.SetAction((arguments, _) => Terminal.GuardAsync(() =>
        {
            using var compiler = new ProcessCompiler(ScriptProcesses.ForCommand);
            var linter = PolicyLinter.For(KnownActors.In(files.Plugins(arguments)), compiler, new ScriptCache(Path.GetFullPath(arguments.GetValue(into)!), Terminal.Message));
            var errors = files.Chosen(arguments).SelectMany(linter.Lint).Where(finding => finding.IsError).ToList();
            errors.ForEach(error => Terminal.Message(error.ToString()));
            return Task.FromResult(errors.Count > 0 ? ExitCode.InvalidConfiguration : ExitCode.Ok);
        }));
        return command;
    }
}
