using System.Globalization;
using Actors.Chains.Files;
using Actors.Sdk;
using Actors.Sim.Scenarios;
using Actors.Sim.Scenarios.Yaml;
using Actors.Sim.Specs;
using Actors.Yaml;

namespace Actors.Host.PolicyTests;

/// <summary>Reads the tests of a policy: a <c>world</c> in the language of scenarios, and the rows of <c>tests</c>.</summary>
internal static class PolicyTestYaml
{
    // All domains are up at that time.
    private static readonly TimeSpan StandardAt = TimeSpan.FromSeconds(5);

    private static readonly string[] Clocks = ["HH:mm", "yyyy-MM-dd HH:mm"];

    /// <summary>The path of the tests of a policy.</summary>
    public static string TestsOf(string policy) => Path.ChangeExtension(policy, null) + PolicyFile.Test;

    /// <summary>Reads the tests. The list is empty if anything is wrong; the problems then list everything.</summary>
    public static IReadOnlyList<PolicyTest> Parse(string text, string folder, YamlProblems problems)
    {
        if (YamlFile.Parse(text, problems) is not { } map)
            return [];
        var reader = new YamlReader(map, problems);
        var world = World(reader, folder);
        var rows = reader.Groups("tests", "- { name: …, target: … }");
        if (reader.Node("tests") is null or YamlList { Items.Count: 0 })
            reader.Problem(reader.At, "'tests' is missing: a policy needs at least one test ('- { name: …, target: 512MiB, outcome: reached }')");
        var tests = rows.Select(row => Row(row, world, folder)).ToList();
        reader.Finish(key => key is "host" or "domains" or "events" ? "belongs in 'world'" : null);
        return problems.Any ? [] : tests;
    }

    private static Scenario? World(YamlReader reader, string folder)
    {
        if (reader.Group("world") is not { } group)
            return null;
        var world = ScenarioYaml.World(group, folder);
        group.Finish();
        return world;
    }

    private static PolicyTest Row(YamlReader row, Scenario? shared, string folder)
    {
        var world = World(row, folder) ?? shared;
        if (world is null)
            row.Problem(row.At, "there is no 'world' here or for all tests: it describes the host and the domains");
        var names = world?.DomainNames ?? [];
        var domain = row.Known("domain", "domain", names) ?? (row.Node("domain") is null && names.Count == 1 ? names[0] : "");
        if (row.Node("domain") is null && names.Count > 1)
            row.Problem(row.At, $"'domain' is missing: it must be one of {string.Join(", ", names)}");
        row.Demand("outcome", $": {ScenarioTerms.Of<OutcomeKind>()}");
        row.Demand("target", ": a size such as 512MiB");
        var test = new PolicyTest
        {
            Name = row.Required("name") ?? "",
            World = world ?? new Scenario { Host = new HostSpec(), Domains = [], Events = [], Expectations = [] },
            Expectation = new Expectation(domain, row.Choice<OutcomeKind>("outcome") ?? default, row.Text("by"), row.Duration("within")),
            Target = row.Size("target") ?? Kib.Zero,
            At = row.Duration("at") ?? StandardAt,
            Clock = row.Parsed("clock", "a time such as 23:30", Clock)?.Value,
            Timeout = row.Duration("timeout"),
            Floor = row.Size("floor"),
            Steps = row.Node("steps") is null ? null : [.. row.Words("steps").Select(step => step.Value)],
            Reason = row.Text("reason"),
        };
        row.Finish();
        return test;
    }

    private static (DateTime, string?) Clock(string text) =>
        DateTime.TryParseExact(text, Clocks, CultureInfo.InvariantCulture, DateTimeStyles.NoCurrentDateDefault, out var clock)
            ? (clock, null)
            : (default, "expected a time such as 23:30 or 2026-01-31 23:30");
}
