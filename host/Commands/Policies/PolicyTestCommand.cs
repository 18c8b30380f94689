using System.CommandLine;
using Actors.Chains.Files;
using Actors.Host.CommandLine;
using Actors.Host.Daemon;
using Actors.Host.PolicyTests;
using Actors.Host.Settings;
using Actors.Yaml;

namespace Actors.Host.Commands.Policies;

/// <summary><c>actors policy test</c>: plays the tests beside policies on the simulated host.</summary>
internal static class PolicyTestCommand
{
    public static Command Make()
    {
        var files = new PolicyFiles();
        var command = new Command("test", "Play the tests beside policies (NAME.test.yaml) on the simulated host; needs no daemon");
        files.AddTo(command);
        command.SetAction((arguments, _) => Terminal.GuardAsync(() => Task.FromResult(Test(files, arguments))));
        return command;
    }

    private static int Test(PolicyFiles files, ParseResult arguments)
    {
        var tests = files.Chosen(arguments).Select(TestOf).OfType<string>().Distinct().ToList();
        if (tests.Count == 0)
            throw new CommandException(ExitCode.Failed, $"there are no tests here: they stand beside their policy, as NAME{PolicyFile.Test}");
        Refuse(tests, files.Plugins(arguments));
        var lines = new List<TestLine>();
        foreach (var line in tests.SelectMany(file => Play(file, files.Plugins(arguments))))
        {
            lines.Add(line);
            if (!files.Json(arguments))
                Print(line);
        }
        if (files.Json(arguments))
            Terminal.Json<IReadOnlyList<TestLine>>(lines, PolicyJson.Default.IReadOnlyListTestLine);
        var failed = lines.Count(line => !line.Passed);
        Terminal.Message($"{lines.Count - failed} passed, {failed} failed");
        return failed > 0 ? ExitCode.Failed : ExitCode.Ok;
    }

    // A policy may be named instead of its tests.
    private static string? TestOf(string file) => PolicyFile.KindOf(file) switch
    {
        PolicyFileKind.Test => file,
        PolicyFileKind.Chain or PolicyFileKind.Script when PolicyTestYaml.BesideOf(file) is var test && File.Exists(test) => test,
        _ => null,
    };

    private static void Refuse(List<string> tests, string plugins)
    {
        var linter = PolicyLinter.For(KnownActors.In(plugins), HostPaths.OpenScriptCache(Terminal.Message));
        var errors = tests.SelectMany(test => PolicyFile.Beside(test) is { } policy ? linter.Lint(policy).Concat(linter.Lint(test)) : linter.Lint(test))
            .Where(finding => finding.IsError).ToList();
        if (errors.Count > 0)
            throw new CommandException(ExitCode.InvalidConfiguration, errors.Select(error => error.ToString()).Prepend("what is broken cannot be tested:"));
    }

    private static IEnumerable<TestLine> Play(string file, string plugins)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        var policy = PolicyFile.NameOf(file);
        var options = new HostOptions { PluginFolder = plugins, PolicyFolder = folder, DefaultPolicy = policy, KeepsScripts = true };
        foreach (var test in PolicyTestYaml.Parse(PolicyText.Read(file, new YamlProblems(file)) ?? "", folder, new YamlProblems(file)))
        {
            var result = new PolicyTestRun(test, policy, options).Play();
            yield return new TestLine(policy, test.Name, result.Passed, result.Misses, result.Observed);
        }
    }

    private static void Print(TestLine line)
    {
        Terminal.Line($"{(line.Passed ? "pass" : "FAIL")}  {line.Policy}: {line.Test}");
        if (line.Passed)
            return;
        foreach (var difference in line.Differences)
            Terminal.Line($"      {difference}");
        Terminal.Line($"      observed: {line.Observed}");
    }
}
