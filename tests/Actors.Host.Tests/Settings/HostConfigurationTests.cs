using Actors.Host.Daemon;
using Actors.Host.Settings;
using Actors.Sdk;
using Actors.Yaml;

namespace Actors.Host.Tests;

/// <summary>The configuration file of the host.</summary>
internal sealed class HostConfigurationTests
{
    [Test]
    public void Every_key_is_read_and_relative_paths_refer_to_the_folder_of_the_file()
    {
        var file = Parse("default_policy: balloon\nshadow: [emergency, night-shift]\nplugins: plugins\npolicies: /srv/policies\njournal: ../j.jsonl\nreserve: 1.5GiB\nplugin_memory: 1GiB\n");

        Assert.Multiple(() =>
        {
            Assert.That(file, Has.Property("DefaultPolicy").EqualTo("balloon").And.Property("Shadows").EqualTo(new[] { "emergency", "night-shift" }));
            Assert.That(file, Has.Property("PluginFolder").EqualTo("/etc/actors/plugins").And.Property("PolicyFolder").EqualTo("/srv/policies"));
            Assert.That(file, Has.Property("JournalPath").EqualTo("/etc/j.jsonl").And.Property("PluginMemory").EqualTo(Kib.FromGiB(1)));
            Assert.That(file, Has.Property("Reserve").EqualTo(Kib.FromMiB(1536)));
        });
    }

    [TestCase("")]
    [TestCase("# nothing\r\n\r\n  # at all\n")]
    public void A_file_without_keys_changes_nothing(string text) => Assert.That(Parse(text), Is.EqualTo(new HostConfiguration()));

    [Test]
    public void All_mistakes_are_reported_at_once_with_their_positions()
    {
        var problems = new YamlProblems("actors.yaml");

        Assert.That(HostConfiguration.Parse("default_polcy: balloon\nshadow: emergency\nplugin_memory: 0MiB\njournal: [a]\n", "/", problems), Is.Null);
        Assert.That(problems.InOrder.Select(problem => problem.ToString()), Is.EqualTo(new[]
        {
            "actors.yaml:1:1: unknown key 'default_polcy'; did you mean 'default_policy'?",
            "actors.yaml:2:9: 'shadow' should be a list ('[a, b]'), found 'emergency'",
            "actors.yaml:3:16: 'plugin_memory' must be at least 1MiB",
            "actors.yaml:4:10: 'journal' should be text, found a list",
        }));
    }

    [TestCase("default_policy: xl:balloon", 17)]
    [TestCase("shadow: [good, Bad]", 16)]
    public void An_invalid_policy_name_is_a_mistake(string text, int column)
    {
        var problems = new YamlProblems("actors.yaml");
        HostConfiguration.Parse(text, "/", problems);
        Assert.That(problems.InOrder, Has.One.Property("Column").EqualTo(column).And.One.Property("Message").Contains("expected a policy's name"));
    }

    [Test]
    public void The_sample_sets_nothing_and_every_key_in_it_is_valid_when_uncommented()
    {
        var sample = File.ReadAllText(ProgramFolder.InDocs("../packaging/debian/actors.yaml"));

        Assert.That(Parse(sample), Is.EqualTo(new HostConfiguration()));
        var uncommented = Parse(string.Join('\n', sample.Split('\n').Where(line => line.StartsWith('#') && !line.StartsWith("# ", StringComparison.Ordinal)).Select(line => line[1..])));
        Assert.That(typeof(HostConfiguration).GetProperties().Where(key => key.GetValue(uncommented) is null), Is.Empty, "keys that the sample leaves out");
        Assert.That(uncommented, Has.Property("DefaultPolicy").EqualTo(HostOptions.StandardPolicy));
    }

    private static HostConfiguration? Parse(string text)
    {
        var problems = new YamlProblems("actors.yaml");
        var file = HostConfiguration.Parse(text, "/etc/actors", problems);
        Assert.That(problems.InOrder, Is.Empty);
        return file;
    }
}
