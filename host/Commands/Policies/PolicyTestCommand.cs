using System.CommandLine;
using Actors.Chains.Files;
using Actors.Chains.Scripts.Processes;
using Actors.Cli.CommandLine;
using Actors.Host.Daemon;
using Actors.Host.PolicyTests;
using Actors.Host.Settings;
using Actors.Yaml;

namespace Actors.Host.Commands.Policies;

/// <summary><c>actors policy test</c>: runs the tests of policies on the simulated host.</summary>
internal static class PolicyTestCommand
{
    public static Command Make()
    {
        var files = new PolicyFiles();
        var command = new Command("test", "Run the tests of policies (NAME.test.yaml) on the simulated host; needs no daemon");
        files.AddTo(command);
        command.SetAction((arguments, _) => Terminal.GuardAsync(() => Task.FromResult(Test(files, arguments))));
        return command;
    }

    private static int Test(PolicyFiles files, ParseResult arguments)
    {
        var chosen = files.Chosen(arguments);
        var tests = chosen.Select(TestOf).OfType<string>().Distinct().ToList();
        var broken = Broken(chosen, files.Plugins(arguments));
        if (tests.Count == 0)
        {
            throw broken.Count > 0
                ? new CommandException(ExitCode.InvalidConfiguration, "nothing was tested, because of the errors above")
                : new CommandException(ExitCode.Failed, $"no tests found: the tests of a policy are in the same folder, as NAME{PolicyFile.Test}");
        }
        var lines = new List<TestLine>();
        foreach (var line in tests.Where(test => !broken.Contains(test)).SelectMany(file => Play(file, files.Plugins(arguments))))
        {
            lines.Add(line);
            if (!files.Json(arguments))
                Print(line);
        }
        if (files.Json(arguments))
            Terminal.Json<IReadOnlyList<TestLine>>(lines, PolicyJson.Default.IReadOnlyListTestLine);
        var failed = lines.Count(line => !line.Passed);
        var skipped = broken.Count > 0 ? $"; broken, see the errors above: {string.Join(", ", broken)}" : "";
        Terminal.Message($"{lines.Count - failed} passed, {failed} failed{skipped}");
        return broken.Count > 0 ? ExitCode.InvalidConfiguration : failed > 0 ? ExitCode.Failed : ExitCode.Ok;
    }

    // The user may name a policy instead of its tests.
    private static string? TestOf(string file) => PolicyFile.KindOf(file) switch
    {
        PolicyFileKind.Test => file,
        PolicyFileKind.Chain or PolicyFileKind.Script when PolicyTestYaml.TestsOf(file) is var test && File.Exists(test) => test,
        _ => null,
    };

    // Reports the errors in all files, and returns the broken ones: also a test is broken if its policy is.
    private static List<string> Broken(IReadOnlyList<string> files, string plugins)
    {
        using var compiler = new ProcessCompiler(ScriptProcesses.ForCommand);
        var linter = PolicyLinter.For(KnownActors.In(plugins), compiler, ScriptCaches.Open(Terminal.Message));
        var policies = files.Where(file => PolicyFile.KindOf(file) == PolicyFileKind.Test).Select(PolicyFile.PolicyOf);
        var all = files.Concat(files.Select(TestOf).Concat(policies).OfType<string>()).Distinct();
        var broken = new List<string>();
        foreach (var file in all)
        {
            var errors = linter.Lint(file).Where(finding => finding.IsError).ToList();
            errors.ForEach(error => Terminal.Message(error.ToString()));
            if (errors.Count > 0)
                broken.AddRange(new[] { file, TestOf(file) }.OfType<string>().Except(broken));
        }
        return broken;
    }

    private static IEnumerable<TestLine> Play(string file, string plugins)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        var policy = PolicyFile.NameOf(file);
        var options = new HostOptions { PluginFolder = plugins, PolicyFolder = folder, DefaultPolicy = policy, KeepsScripts = true, Scripts = ScriptProcesses.ForCommand };
        using var runner = new ProcessRunner(ScriptProcesses.ForCommand);
        foreach (var test in PolicyTestYaml.Parse(PolicyText.Read(file, new YamlProblems(file)) ?? "", folder, new YamlProblems(file)))
        {
            var result = new PolicyTestRun(test, policy, options with { Runner = runner }).Play();
            yield return new TestLine(policy, test.Name, result.Passed, result.Differences, result.Observed);
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
