using System.CommandLine;
using Actors.Chains.Lint;
using Actors.Chains.Scripts.Processes;
using Actors.Cli.CommandLine;
using Actors.Host.PolicyTests;
using Actors.Host.Settings;
using Actors.Sdk.Text;

namespace Actors.Host.Commands.Policies;

/// <summary><c>actors policy lint</c>: reports everything that is wrong in policies before a daemon loads them.</summary>
internal static class PolicyLintCommand
{
    public static Command Make()
    {
        var files = new PolicyFiles();
        var command = new Command("lint", "Check policies and their tests; needs no daemon");
        files.AddTo(command);
        command.SetAction((arguments, _) => Terminal.GuardAsync(() => Task.FromResult(Lint(files, arguments))));
        return command;
    }

    private static int Lint(PolicyFiles files, ParseResult arguments)
    {
        var chosen = files.Chosen(arguments);
        if (chosen.Count == 0)
            Terminal.Message($"{files.Named(arguments)}: there are no policies in this folder");
        var actors = KnownActors.In(files.Plugins(arguments));
        if (actors.Count == 0)
            throw new CommandException(ExitCode.InvalidConfiguration, $"{files.Plugins(arguments)}: there are no plugins in this folder, so no step can name an actor; specify --plugins DIR");
        using var compiler = new ProcessCompiler(ScriptProcesses.ForCommand);
        var linter = PolicyLinter.For(actors, compiler);
        var findings = chosen.SelectMany(linter.Lint).ToList();
        if (files.Json(arguments))
            Terminal.Json<IReadOnlyList<LintFinding>>(findings, PolicyJson.Default.IReadOnlyListLintFinding);
        else
            findings.ForEach(finding => Terminal.Line(finding.ToString()));
        var errors = findings.Count(finding => finding.IsError);
        Terminal.Message($"{Count.Of(chosen.Count, "file")}, {Count.Of(errors, "error")}, {Count.Of(findings.Count - errors, "warning")}");
        return errors > 0 ? ExitCode.InvalidConfiguration : ExitCode.Ok;
    }
}
