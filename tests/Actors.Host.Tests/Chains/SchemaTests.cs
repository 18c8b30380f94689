using System.Text.Json;
using System.Text.RegularExpressions;
using Actors.Chains.Scripts;
using Actors.Chains.Scripts.Compiling;
using Actors.Chains.Scripts.Running;
using Actors.Chains.Yaml;
using Actors.Yaml;

namespace Actors.Host.Tests.Chains;

/// <summary>The schema for editors agrees with the parser.</summary>
internal sealed class SchemaTests
{
    private static readonly string File = Path.Combine(ProgramFolder.Root, "docs", "policy.schema.json");

    [Test]
    public void The_schema_names_exactly_the_keys_of_a_policy() =>
        Assert.That(Keys(root => root.GetProperty("properties")), Is.EqualTo(KnownTo("zzzzzz: 1\nsteps: [{actor: balloon}]")));

    [Test]
    public void The_schema_names_exactly_the_keys_of_a_step() =>
        Assert.That(Keys(root => root.GetProperty("definitions").GetProperty("step").GetProperty("properties")), Is.EqualTo(KnownTo("steps: [{actor: balloon, zzzzzz: 1}]")));

    [TestCase("size", "512MiB", "1.5GiB", "2g", "100 KiB")]
    [TestCase("duration", "30s", "1h30m", "500ms", "1m500ms", "1.5s")]
    public void What_the_schema_accepts_the_parser_reads(string definition, params string[] values)
    {
        var pattern = Schema(root => root.GetProperty("definitions").GetProperty(definition).GetProperty("pattern").GetString()!);
        var key = definition == "size" ? "floor: {0}\nsteps: [{{actor: balloon}}]" : "steps: [{{actor: balloon, timeout: {0}}}]";
        foreach (var value in values)
        {
            Assert.That(value, Does.Match(pattern));
            Assert.That(Problems(string.Format(null, key, value)), Is.Empty);
        }
        foreach (var value in new[] { "512", "many", "" })
            Assert.That(Regex.IsMatch(value, pattern), Is.False, value);
    }

    [Test]
    public void Every_shipped_policy_names_the_schema_for_editors()
    {
        foreach (var file in Directory.EnumerateFiles(ProgramFolder.Policies, "*.yaml").Where(file => !file.EndsWith(".test.yaml", StringComparison.Ordinal)))
        {
            var match = Regex.Match(System.IO.File.ReadLines(file).First(), @"^# yaml-language-server: \$schema=(\S+)$");
            Assert.That(match.Success, file);
            Assert.That(Path.GetFullPath(Path.Combine(ProgramFolder.Policies, match.Groups[1].Value)), Does.Exist);
        }
    }

    private static string[] Keys(Func<JsonElement, JsonElement> part) =>
        Schema(root => part(root).EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal).ToArray());

    private static T Schema<T>(Func<JsonElement, T> read)
    {
        using var schema = JsonDocument.Parse(System.IO.File.ReadAllText(File));
        return read(schema.RootElement);
    }

    // The parser lists the known keys when it reports an unknown one.
    private static string[] KnownTo(string text) =>
        Regex.Match(Problems(text).Single(), "known here: (.+)$").Groups[1].Value.Split(", ");

    private static string[] Problems(string text)
    {
        var problems = new YamlProblems("p.yaml");
        PolicyYaml.Parse("p", text, problems, new ScriptEngine(new ScriptStore(null), new ScriptCompiler(), new LocalRunner()), "p.yaml");
        return [.. problems.InOrder.Select(problem => problem.ToString())];
    }
}
