using System.Text.Json;
using System.Text.RegularExpressions;
using Actors.Loading.Compatibility;
using Actors.Yaml;

namespace Actors.Host.Tests.Loading;

/// <summary>The schema in docs/ agrees with the parser.</summary>
internal sealed class ManifestSchemaTests
{
    private static readonly JsonElement Schema = JsonDocument.Parse(File.ReadAllText(ProgramFolder.InDocs("plugin.schema.json"))).RootElement;

    private static IEnumerable<string> Known => Schema.GetProperty("properties").EnumerateObject().Select(property => property.Name);

    [Test]
    public void It_names_exactly_the_keys_that_the_parser_knows()
    {
        var problems = new YamlProblems("plugin.yaml");
        Manifest.Parse("quite-another-key: 1", problems);
        var message = problems.InOrder.Single(problem => problem.Message.StartsWith("unknown key", StringComparison.Ordinal)).Message;

        Assert.That(message, Does.EndWith($"known here: {string.Join(", ", Known.Order(StringComparer.Ordinal))}"));
    }

    [Test]
    public void What_it_requires_the_parser_requires()
    {
        var problems = new YamlProblems("plugin.yaml");
        Manifest.Parse("author: nobody", problems);

        Assert.That(Schema.GetProperty("required").EnumerateArray().Select(key => key.GetString()),
            Is.EquivalentTo(Known.Where(key => problems.InOrder.Any(problem => problem.Message.StartsWith($"'{key}' is missing", StringComparison.Ordinal)))));
    }

    [Test]
    public void It_accepts_the_manifests_that_ship()
    {
        foreach (var file in Directory.GetFiles(ProgramFolder.Plugins, Manifest.FileName, SearchOption.AllDirectories))
        {
            var map = YamlFile.Parse(File.ReadAllText(file), new YamlProblems(file))!;
            Assert.That(map.Entries.Select(entry => entry.Key), Is.SubsetOf(Known), file);
            foreach (var entry in map.Entries)
                Assert.That(Texts(entry.Value), Has.All.Matches<string>(text => Fits(entry.Key, text!)), $"{file}: {entry.Key}");
        }
    }

    [TestCase("id", "Acme.Compress")]
    [TestCase("id", "7up")]
    [TestCase("id", "")]
    [TestCase("actors", "balloon-2")]
    [TestCase("actors", "Balloon")]
    [TestCase("version", "1.2.3.4")]
    [TestCase("version", "1")]
    public void It_accepts_a_value_when_the_parser_does(string key, string value)
    {
        var values = new Dictionary<string, string> { ["id"] = "a", ["version"] = "1.0", ["contract"] = "1.0", ["actors"] = "a", [key] = value };
        var problems = new YamlProblems("plugin.yaml");
        Manifest.Parse($"id: '{values["id"]}'\nversion: '{values["version"]}'\ncontract: '{values["contract"]}'\nactors: ['{values["actors"]}']\n", problems);

        Assert.That(Fits(key, value), Is.EqualTo(!problems.Any));
    }

    private static bool Fits(string key, string value)
    {
        var property = Schema.GetProperty("properties").GetProperty(key);
        var rule = property.TryGetProperty("items", out var items) ? items : property;
        return !rule.TryGetProperty("pattern", out var pattern) || Regex.IsMatch(value, pattern.GetString()!);
    }

    private static IEnumerable<string> Texts(YamlNode node) => node switch
    {
        YamlText text => [text.Value],
        YamlList list => list.Items.SelectMany(Texts),
        _ => [],
    };
}
