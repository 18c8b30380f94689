using System.Text;
using System.Text.RegularExpressions;
using Actors.Chains.Scripts;
using Actors.Chains.Scripts.Running;
using Actors.Chains.Yaml;
using Actors.Loading.Compatibility;
using Actors.Sim.Scenarios.Yaml;
using Actors.Yaml;

namespace Actors.Fuzz.Targets;

/// <summary>A YAML file that a person writes. Either it is accepted, or the problems say why, each with a position and fit for a terminal.</summary>
internal abstract partial class FileTarget(string name, params string[] seeds) : IFuzzTarget
{
    public string Name => name;

    public IReadOnlyList<byte[]> Seeds { get; } = [.. seeds.Select(Encoding.UTF8.GetBytes)];

    public IReadOnlyList<byte[]> Tokens { get; } =
    [
        .. new[]
        {
            "\n", "\n  ", "\n  - ", ": ", "- ", "[", "]", "{", "}", "\"", "'", "#", "!", "!!str ", "&a ", "*a", "|\n", ">\n", "---\n", "...\n", "\t", "\u001b", "\u202e", "\ufeff", "~", "1e99", "-1",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    public int Run(byte[] input)
    {
        var problems = new YamlProblems("fuzz.yaml");
        var accepted = Accepts(Encoding.UTF8.GetString(input), problems);
        if (accepted == problems.Any)
            throw new InvalidOperationException(accepted ? "The file was accepted, and it has problems." : "The file was rejected without a problem.");
        if (problems.InOrder.FirstOrDefault(problem => problem.Line < 1 || problem.Column < 1 || problem.Message.Any(char.IsControl)) is { } unfit)
            throw new InvalidOperationException(unfit.ToString());
        return string.Join('\n', problems.InOrder.Select(problem => Quoted().Replace(problem.Message, ""))).GetHashCode(StringComparison.Ordinal);
    }

    protected abstract bool Accepts(string text, YamlProblems problems);

    [GeneratedRegex(@"'[^']*'|\d+")]
    private static partial Regex Quoted();
}

internal sealed class YamlTarget() : FileTarget("yaml", "a: 1\nb:\n  - c: \"x\"\n    d: [1, 2]\n  - {e: f}\n", "# comment\nkey: value # more\n\"quoted key\": 'single'\n")
{
    protected override bool Accepts(string text, YamlProblems problems) => YamlFile.Parse(text, problems) is not null && !problems.Any;
}

internal sealed class ManifestTarget() : FileTarget(
    "manifest",
    "id: acme.compress\nversion: 1.2.3\ncontract: 1.0\nactors: [compress]\nneeds: [max-mem]\nauthor: Acme\nsha256:\n  acme.compress.dll: 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n")
{
    protected override bool Accepts(string text, YamlProblems problems) => Manifest.Parse(text, problems) is not null;
}

internal sealed class PolicyTarget() : FileTarget(
    "policy",
    "description: balloon first\nfloor: 128MiB\ntolerance: 4MiB\non_short: release\nshadow: true\nsteps:\n  - actor: balloon\n    timeout: 30s\n    keep: false\n  - actor: paging\n    stall: 5s\n    when: Host.Free < 1.GiB()\n")
{
    protected override bool Accepts(string text, YamlProblems problems)
    {
        // Conditions are not compiled: the compiler would take all the time, and scripts have tests of their own.
        var engine = new ScriptEngine(new ScriptStore(null), compiler: null, new LocalRunner());
        return PolicyYaml.Parse("fuzz", text, problems, engine, "fuzz.yaml") is not null || !problems.Any;
    }
}

internal sealed class ScenarioTarget() : FileTarget(
    "scenario",
    "host: { memory: 4GiB, paging_rate: 20MiB/s }\ndomains:\n  - { name: p, memory: 1GiB, guest: { balloon: refuses } }\nevents:\n  - { at: 25s, domain: p, target: 512MiB }\n  - { at: 33s, domain: p, do: kill_pager }\n")
{
    protected override bool Accepts(string text, YamlProblems problems) => ScenarioYaml.Parse(text, Path.GetTempPath(), problems) is not null;
}
