using System.Text.RegularExpressions;
using Actors.Chains.Files;
using Actors.Chains.Scripts.Compiling;
using Actors.Host.Daemon;
using Actors.Host.PolicyTests;
using Actors.Yaml;

namespace Actors.Host.Tests.Chains;

/// <summary>Every example in docs/policies.md is a file that passes lint, and runs.</summary>
internal sealed partial class PolicyPageTests
{
    private static readonly string Page = Path.GetFullPath(Path.Combine(ProgramFolder.Root, "..", "..", "..", "..", "docs", "policies.md"));

    private const string AnyPolicy = """
        world:
          domains:
            - { name: quick, memory: 1GiB, guest: { balloon: { rate: 200MiB/s } } }
        tests:
          - { name: a guest that cooperates gets there, target: 512MiB, outcome: reached, within: 60s }
        """;

    private string _folder = "";

    [OneTimeSetUp]
    public void WriteExamples()
    {
        _folder = Directory.CreateTempSubdirectory("page").FullName;
        foreach (var file in Directory.EnumerateFiles(ProgramFolder.Policies))
            File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
        foreach (var (name, text) in Examples())
            File.WriteAllText(Path.Combine(_folder, name), text);
    }

    [OneTimeTearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Every_block_of_code_names_its_file()
    {
        var blocks = Block().Matches(File.ReadAllText(Page)).Count(match => match.Groups["language"].Length > 0);

        Assert.That(Examples(), Has.Count.EqualTo(blocks).And.Count.GreaterThan(8));
    }

    [TestCaseSource(nameof(Names))]
    public void An_example_has_no_errors(string name) =>
        Assert.That(PolicyLinter.For(KnownActors.In(ProgramFolder.Plugins), new ScriptCompiler()).Lint(Path.Combine(_folder, name)).Where(finding => finding.IsError), Is.Empty);

    [TestCaseSource(nameof(Policies))]
    public void An_example_runs(string name)
    {
        var file = Path.Combine(_folder, PolicyFile.NameOf(name) + PolicyFile.Test);
        var table = File.Exists(file) ? File.ReadAllText(file) : AnyPolicy;
        foreach (var test in PolicyTestYaml.Parse(table, _folder, new YamlProblems(name)))
        {
            var result = new PolicyTestRun(test, PolicyFile.NameOf(name), new HostOptions { PluginFolder = ProgramFolder.Plugins, PolicyFolder = _folder }).Play();
            Assert.That(result.Differences, Is.Empty, $"{test.Name}: {result.Observed}");
        }
    }

    private static IEnumerable<string> Names() => Examples().Select(example => example.Name);

    private static IEnumerable<string> Policies() => Names().Where(name => PolicyFile.KindOf(name) != PolicyFileKind.Test);

    private static List<(string Name, string Text)> Examples() =>
    [
        .. from match in Block().Matches(File.ReadAllText(Page))
           where match.Groups["name"].Success
           select (match.Groups["name"].Value, match.Groups["text"].Value),
    ];

    [GeneratedRegex(@"^```(?<language>[a-z]*)\n(?<text>((#|//) policies/(?<name>\S+)\n)?.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Block();
}
