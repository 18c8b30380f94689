using System.CommandLine;
using Actors.Cli.CommandLine;
using Actors.Host.Daemon;
using Actors.Host.ScenarioTests;
using Actors.Host.Settings;
using Actors.Sim.Scenarios;
using Actors.Sim.Scenarios.Yaml;

namespace Actors.Host.Commands.Scenarios;

/// <summary><c>actors scenario test</c>: plays scenarios in virtual time with the whole daemon, and checks what they expect.</summary>
internal static class ScenarioTestCommand
{
    public static Command Make()
    {
        var files = new Argument<string[]>("FILE") { Description = "The scenarios, as YAML", Arity = ArgumentArity.OneOrMore }.AsPath();
        var policy = new Option<string>("--default-policy") { Description = "The policy of domains without an actor key", HelpName = "NAME", DefaultValueFactory = _ => HostOptions.StandardPolicy };
        var json = new Option<bool>("--json") { Description = "Print JSON" };
        var (policies, plugins) = (FolderOptions.Policies(), FolderOptions.Plugins());
        var command = new Command("test", "Play scenarios in simulated time, and check what they expect; needs no daemon") { files, policy, json, policies, plugins };
        command.SetAction((arguments, stop) => Terminal.GuardAsync(() =>
        {
            var options = new HostOptions
            {
                PolicyFolder = arguments.GetValue(policies)!,
                PluginFolder = arguments.GetValue(plugins)!,
                DefaultPolicy = arguments.GetValue(policy)!,
                Scripts = ScriptProcesses.ForCommand,
                KeepsScripts = true,
            };
            ConfiguredPolicies.Check(options);
            return Task.FromResult(Test(Read(arguments.GetValue(files)!), options, arguments.GetValue(json), stop));
        }));
        return command;
    }

    private static List<(string File, Scenario Scenario)> Read(string[] files)
    {
        var (scenarios, problems) = (new List<(string File, Scenario Scenario)>(), new List<string>());
        foreach (var file in files)
        {
            try
            {
                scenarios.Add((file, ScenarioFile.LoadTest(file)));
            }
            catch (ScenarioException error)
            {
                problems.AddRange(error.Problems.Select(problem => problem.ToString()));
            }
        }
        return problems.Count == 0 ? scenarios : throw new CommandException(ExitCode.InvalidConfiguration, problems);
    }

    private static int Test(List<(string File, Scenario Scenario)> scenarios, HostOptions options, bool json, CancellationToken stop)
    {
        var results = new List<ScenarioTestResult>();
        try
        {
            foreach (var (file, scenario) in scenarios)
            {
                results.Add(new ScenarioTest(scenario, options).Play(file, stop));
                if (!json)
                    Print(results[^1]);
            }
        }
        catch (OperationCanceledException) when (results.Count > 0)
        {
            Terminal.Message($"actors: interrupted; {results.Count} of {scenarios.Count} scenarios had been played");
        }
        if (json)
            Terminal.Json<IReadOnlyList<ScenarioTestResult>>(results, ScenarioTestJson.Default.IReadOnlyListScenarioTestResult);
        var failed = results.Sum(result => result.Expectations.Count(expectation => !expectation.Holds));
        Terminal.Message($"{results.Sum(result => result.Expectations.Count) - failed} passed, {failed} failed");
        return results.Count < scenarios.Count ? ExitCode.Partial : results.All(result => result.Passed) ? ExitCode.Ok : ExitCode.Failed;
    }

    private static void Print(ScenarioTestResult result)
    {
        if (result.Failure is not null)
            Terminal.Message($"actors: {result.File}: {result.Failure}");
        foreach (var expectation in result.Expectations)
        {
            Terminal.Line($"{(expectation.Holds ? "pass" : "FAIL")}  {result.File}: {expectation.Domain}: expected {expectation.Expected}");
            Terminal.Line($"      observed: {expectation.Observed}{(expectation.Reason.Length > 0 ? $": {expectation.Reason}" : "")}");
        }
    }
}
