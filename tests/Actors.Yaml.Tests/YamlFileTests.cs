using Actors.Sdk;
using Actors.Sdk.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Actors.Yaml.Tests;

internal sealed class YamlFileTests
{
    [Test]
    public void A_misspelt_key_is_reported_with_its_position_and_a_suggestion()
    {
        var problems = ReadStep("steps:\n  - actor: balloon\n    timout: 30s\n");

        Assert.That(problems, Is.EqualTo(new[] { "p.yaml:3:5: unknown key 'timout'; did you mean 'timeout'?" }));
    }

    [Test]
    public void All_problems_are_reported_not_only_the_first()
    {
        var problems = ReadStep("steps:\n  - actor: [a]\n    timeout: 30\n    extra: 1\n");

        Assert.That(problems, Is.EqualTo(new[]
        {
            "p.yaml:2:12: 'actor' should be text, found a list",
            "p.yaml:3:14: 'timeout': the unit is missing: 30s, or 30m, found '30'",
            "p.yaml:4:5: unknown key 'extra'; known here: actor, timeout",
        }));
    }

    [TestCase("a: 1\n\tb: 2\n", "2:1: a tab is used for indentation")]
    [TestCase("a: &x 1\n", "anchors ('&name') are not allowed")]
    [TestCase("a: *x\n", "aliases ('*name') are not allowed")]
    [TestCase("a: !!binary x\n", "tags ('!name') are not allowed")]
    [TestCase("a: 1\na: 2\n", "2:1: 'a' appears twice")]
    [TestCase("\"a\\tb\": 1\n\"a\\tb\": 2\n", "'a\\tb' appears twice")]
    [TestCase("a: !!!!g_h[: { b: 1 }\n", "this is not YAML: brackets and indentation do not match")]
    [TestCase("a: 1\n---\nb: 2\n", "a second document begins here")]
    [TestCase("", "the file is empty")]
    [TestCase("just words\n", "expected keys ('name: value'), found 'just words'")]
    [TestCase("a: [1, 2\n", "this is not YAML: a '[' is not closed")]
    [TestCase("a: {*b\nc [", "this is not YAML: brackets and indentation do not match")]
    [TestCase("a: 1\u0001\n", "1:5: there is a control character here")]
    public void YAML_features_that_are_not_supported_are_rejected_with_their_position(string text, string expected)
    {
        var problems = new YamlProblems("p.yaml");
        YamlFile.Parse(text, problems);

        Assert.That(string.Join('\n', problems.InOrder), Does.Contain(expected));
    }

    [Test]
    public void Huge_and_deeply_nested_files_are_rejected_without_being_expanded()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Problems(new string('a', YamlFile.MaxCharacters + 1)), Does.Contain("characters; at most"));
            Assert.That(Problems("a: " + new string('[', 5000)), Does.Contain("nested deeper than"));
        });
    }

    [Test]
    public void Any_text_gives_nodes_or_problems_and_never_an_exception() =>
        Prop.ForAll<string>(text =>
        {
            var problems = new YamlProblems("p.yaml");
            var map = YamlFile.Parse(text ?? "", problems);
            return map is not null || problems.Any;
        }).QuickCheckThrowOnFailure();

    [TestCase("512MiB", 512L * 1024)]
    [TestCase("512m", 512L * 1024)]
    [TestCase("1.5GiB", 1536L * 1024)]
    [TestCase("2g", 2L * 1024 * 1024)]
    [TestCase("4096", 4096L)]
    [TestCase("1t", 1024L * 1024 * 1024)]
    public void A_size_on_the_command_line_is_in_KiB_unless_it_has_a_unit(string text, long kib) =>
        Assert.That(SizeText.Parse(text), Is.EqualTo((new Kib(kib), (string?)null)));

    [TestCase("")]
    [TestCase("-5m")]
    [TestCase("5x")]
    [TestCase("m")]
    [TestCase("1.0001k")]
    [TestCase("99999999999999999999999999t")]
    public void A_malformed_size_is_an_error(string text) => Assert.That(SizeText.Parse(text).Error, Is.Not.Null);

    [Test]
    public void A_size_in_a_file_needs_its_unit() =>
        Assert.That(SizeText.ParseWithUnit("512").Error, Is.EqualTo("the unit is missing: 512MiB, or 512KiB"));

    [TestCase("30s", 30_000)]
    [TestCase("2m", 120_000)]
    [TestCase("1h30m", 5_400_000)]
    [TestCase("500ms", 500)]
    [TestCase("1m500ms", 60_500)]
    [TestCase("1.5s", 1_500)]
    public void A_duration_can_combine_units(string text, int milliseconds) =>
        Assert.That(DurationText.Parse(text), Is.EqualTo((TimeSpan.FromMilliseconds(milliseconds), (string?)null)));

    [TestCase("s")]
    [TestCase("30 s")]
    [TestCase("-1s")]
    [TestCase("31d")]
    [TestCase("30s2m")]
    public void A_malformed_duration_is_an_error(string text) => Assert.That(DurationText.Parse(text).Error, Is.Not.Null);

    private static string[] ReadStep(string text)
    {
        var problems = new YamlProblems("p.yaml");
        var top = new YamlReader(YamlFile.Parse(text, problems)!, problems);
        foreach (var step in top.Groups("steps"))
        {
            step.Required("actor");
            step.Duration("timeout");
            step.Finish();
        }
        top.Finish();
        return [.. problems.InOrder.Select(problem => problem.ToString())];
    }

    private static string Problems(string text)
    {
        var problems = new YamlProblems("p.yaml");
        YamlFile.Parse(text, problems);
        return string.Join('\n', problems.InOrder);
    }
}
