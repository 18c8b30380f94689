using System.CommandLine;
using Actors.Cli.CommandLine;
using Actors.Host.Conformance;
using Actors.Loading.Files;
using Actors.Sdk.Testing;

namespace Actors.Host.Commands.Plugins;

/// <summary><c>actors plugin test</c>: checks a built plugin against every rule for actors.</summary>
internal static class PluginTestCommand
{
    public static Command Make()
    {
        var folder = new Argument<string>("DIR") { Description = "The plugin folder: plugin.yaml, the DLL and its dependencies" }.AsPath();
        var json = new Option<bool>("--json") { Description = "Print only the findings, as JSON" };
        var process = new Option<bool>("--process") { Description = "Run the plugin in processes of its own, as the daemon does; takes minutes" };
        var command = new Command("test", "Check a built plugin against every rule for actors, on the simulated host with faults") { folder, process, json };
        command.SetAction((arguments, _) => Terminal.GuardAsync(() =>
            Task.FromResult(Test(Trial(arguments.GetRequiredValue(folder), arguments.GetValue(process)), arguments.GetValue(json)))));
        return command;
    }

    private static IEnumerable<PluginFinding> Trial(string folder, bool process) =>
        process ? new ProcessTrial(folder, Environment.ProcessPath!).Run() : new PluginTrial(folder, PluginTrial.TimeLimit).Run();

    private static int Test(IEnumerable<PluginFinding> trial, bool json)
    {
        var findings = new List<PluginFinding>();
        try
        {
            foreach (var finding in trial)
            {
                findings.Add(finding);
                if (!json)
                    Print(finding);
            }
        }
        catch (PluginException error)
        {
            throw new CommandException(ExitCode.InvalidConfiguration, error.Message);
        }
        if (json)
            Terminal.Json<IReadOnlyList<PluginFindingLine>>([.. findings.Select(Line)], CommandJson.Default.IReadOnlyListPluginFindingLine);
        else
            Terminal.Line($"{Count(RuleVerdict.Pass)} passed, {Count(RuleVerdict.Fail)} failed, {Count(RuleVerdict.NotApplicable)} not applicable");
        return Count(RuleVerdict.Fail) == 0 ? ExitCode.Ok : ExitCode.Failed;

        int Count(RuleVerdict verdict) => findings.Count(finding => finding.Verdict == verdict);
    }

    private static void Print(PluginFinding finding)
    {
        Terminal.Line($"{Word(finding.Verdict),-4}  {finding.Actor ?? "plugin"}: {finding.Rule}");
        if (finding.Detail.Length > 0)
            Terminal.Line($"      {finding.Detail}");
        if (finding.Verdict == RuleVerdict.Fail)
            Terminal.Line($"      why it matters: {finding.Why}");
    }

    private static PluginFindingLine Line(PluginFinding finding) =>
        new(finding.Actor, finding.Rule, Word(finding.Verdict), finding.Detail, finding.Why);

    private static string Word(RuleVerdict verdict) => verdict switch
    {
        RuleVerdict.Pass => "pass",
        RuleVerdict.Fail => "fail",
        _ => "n/a",
    };
}
