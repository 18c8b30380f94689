using Actors.Host.Daemon;
using Actors.Host.Settings;
using Actors.Sdk;
using Actors.Yaml;

namespace Actors.Host.Tests;

/// <summary>The configuration of the host as a whole.</summary>
internal sealed class HostFileTests
{
    [Test]
    public void Every_key_is_taken_and_paths_begin_at_the_file()
    {
        var file = Parse("default_policy: balloon\nshadow: [emergency, night-shift]\nplugins: plugins\npolicies: /srv/policies\njournal: ../j.jsonl\nplugin_memory: 1GiB\n");

        Assert.Multiple(() =>
        {
            Assert.That(file, Has.Property("DefaultPolicy").EqualTo("balloon").And.Property("Shadows").EqualTo(new[] { "emergency", "night-shift" }));
            Assert.That(file, Has.Property("PluginFolder").EqualTo("/etc/actors/plugins").And.Property("PolicyFolder").EqualTo("/srv/policies"));
            Assert.That(file, Has.Property("JournalPath").EqualTo("/etc/j.jsonl").And.Property("PluginMemory").EqualTo(Kib.FromGiB(1)));
        });
    }

    [TestCase("")]
    [TestCase("# nothing\r\n\r\n  # at all\n")]
    public void A_file_that_says_nothing_changes_nothing(string text) => Assert.That(Parse(text), Is.EqualTo(new HostFile()));

    [Test]
    public void All_mistakes_are_told_at_once_with_their_places()
    {
        var problems = new YamlProblems("actors.yaml");

        Assert.That(HostFile.Parse("default_polcy: balloon\nshadow: emergency\nplugin_memory: 0MiB\njournal: [a]\n", "/", problems), Is.Null);
        Assert.That(problems.InOrder.Select(problem => problem.ToString()), Is.EqualTo(new[]
        {
            "actors.yaml:1:1: unknown key 'default_polcy'; did you mean 'default_policy'?",
            "actors.yaml:2:9: 'shadow' should be a list ('[a, b]'), found 'emergency'",
            "actors.yaml:3:16: 'plugin_memory' must be 1MiB at least",
            "actors.yaml:4:10: 'journal' should be text, found a list",
        }));
    }

    [TestCase("default_policy: xl:balloon", 17)]
    [TestCase("shadow: [good, Bad]", 16)]
    public void A_name_that_no_policy_can_have_is_a_mistake(string text, int column)
    {
        var problems = new YamlProblems("actors.yaml");
        HostFile.Parse(text, "/", problems);
        Assert.That(problems.InOrder, Has.One.Property("Column").EqualTo(column).And.One.Property("Message").Contains("expected a policy's name"));
    }

    [Test]
    public void The_sample_says_nothing_and_every_line_of_it_can_be_taken_as_it_stands()
    {
        var sample = File.ReadAllText(ProgramFolder.InDocs("../packaging/debian/actors.yaml"));

        Assert.That(Parse(sample), Is.EqualTo(new HostFile()));
        var taken = Parse(string.Join('\n', sample.Split('\n').Where(line => line.StartsWith('#') && !line.StartsWith("# ", StringComparison.Ordinal)).Select(line => line[1..])));
        Assert.That(typeof(HostFile).GetProperties().Where(key => key.GetValue(taken) is null), Is.Empty, "keys that the sample leaves out");
        Assert.That(taken, Has.Property("DefaultPolicy").EqualTo(HostOptions.StandardPolicy));
    }

    private static HostFile? Parse(string text)
    {
        var problems = new YamlProblems("actors.yaml");
        var file = HostFile.Parse(text, "/etc/actors", problems);
        Assert.That(problems.InOrder, Is.Empty);
        return file;
    }
}
