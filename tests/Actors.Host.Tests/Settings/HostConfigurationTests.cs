using Actors.Dispatch.Registry;
using Actors.Host.Daemon;
using Actors.Host.Settings;
using Actors.Loading.Containment;
using Actors.Loading.Signing;
using Actors.Sdk;
using Actors.Yaml;

namespace Actors.Host.Tests;

/// <summary>The configuration file of the host.</summary>
internal sealed class HostConfigurationTests
{
    [Test]
    public void Every_key_is_read_and_relative_paths_refer_to_the_folder_of_the_file()
    {
        var file = Parse("default_policy: balloon\nshadow: [emergency, night-shift]\nplugins: plugins\npolicies: /srv/policies\njournal: ../j.jsonl\nreserve: 1.5GiB\nplugin_memory: 1GiB\nscript_time: 5m\n");

        Assert.Multiple(() =>
        {
            Assert.That(file, Has.Property("DefaultPolicy").EqualTo("balloon").And.Property("Shadows").EqualTo(new[] { "emergency", "night-shift" }));
            Assert.That(file, Has.Property("PluginFolder").EqualTo("/etc/actors/plugins").And.Property("PolicyFolder").EqualTo("/srv/policies"));
            Assert.That(file, Has.Property("JournalPath").EqualTo("/etc/j.jsonl").And.Property("PluginMemory").EqualTo(Kib.FromGiB(1)));
            Assert.That(file, Has.Property("Reserve").EqualTo(Kib.FromMiB(1536)).And.Property("ScriptTime").EqualTo(TimeSpan.FromMinutes(5)));
        });
    }

    [Test]
    public void What_is_granted_to_plugins_is_read_and_nothing_else_is_granted()
    {
        var grants = Parse("isolation: { a: in-process, b: process, c: { in_process: true, memory: 256MiB, domains: true, host_memory: false, mechanisms: [paging] }, d: { network: true, programs: true } }")!.Isolation!;

        Assert.That(grants, Is.EquivalentTo(new Dictionary<string, PluginGrant>
        {
            ["a"] = new() { InProcess = true },
            ["b"] = PluginGrant.None,
            ["c"] = new() { InProcess = true, Memory = Kib.FromMiB(256), Domains = true, HostMemory = false, Mechanisms = ["paging"] },
            ["d"] = new() { Network = true, Programs = true },
        }));
    }

    [TestCase("mechanisms: [pagign]", "actors.yaml:1:32: there is no mechanism 'pagign'; known: hinting, max-mem, paging, sharing, tmem")]
    [TestCase("netwrok: true", "actors.yaml:1:19: unknown key 'netwrok'; did you mean 'network'?")]
    [TestCase("domains: all", "actors.yaml:1:28: 'domains': expected true or false, found 'all'")]
    public void A_mistake_in_what_is_granted_is_reported_with_its_position(string grant, string problem)
    {
        var problems = new YamlProblems("actors.yaml");

        Assert.That(HostConfiguration.Parse($"isolation: {{ a: {{ {grant} }} }}", "/", problems), Is.Null);
        Assert.That(problems.InOrder.Single().ToString(), Is.EqualTo(problem));
    }

    [Test]
    public void Keys_that_are_trusted_are_files_next_to_the_configuration_or_text()
    {
        const string Inline = "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
        using var folder = new ScratchFolder();
        File.WriteAllText(Path.Combine(folder.Path, "acme.pub"), $"-----BEGIN PUBLIC KEY-----\n{Inline.Replace("11qY", "21qY", StringComparison.Ordinal)}\n-----END PUBLIC KEY-----\n");

        var trust = HostConfiguration.Parse($"trust: {{ required: true, keys: {{ acme: acme.pub, ours: {Inline} }} }}", folder.Path, new YamlProblems("actors.yaml"))!.Trust!;

        Assert.That(trust.Required, Is.True);
        Assert.That(trust.Keys.Select(key => key.Name), Is.EqualTo(new[] { "acme", "ours" }));
        Assert.That(trust.NameOf(KeyText.ParsePublic(Inline).Key!), Is.EqualTo("ours"));
    }

    [Test]
    public void A_key_that_cannot_be_used_is_reported_with_its_position()
    {
        const string Key = "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
        var problems = new YamlProblems("actors.yaml");

        Assert.That(HostConfiguration.Parse($"trust:\n  requierd: true\n  keys:\n    a: none.pub\n    b: {Key}\n    c: {Key}\n", "/nowhere", problems), Is.Null);
        Assert.That(problems.InOrder.Select(problem => problem.ToString()), Is.EqualTo(new[]
        {
            "actors.yaml:2:3: unknown key 'requierd'; did you mean 'required'?",
            "actors.yaml:4:8: 'a': there is no file '/nowhere/none.pub', found 'none.pub'",
            "actors.yaml:6:8: 'c' is the same key as 'b'",
        }));
    }

    [Test]
    public void A_required_signature_needs_a_key()
    {
        var problems = new YamlProblems("actors.yaml");

        Assert.That(HostConfiguration.Parse("trust: { required: true }", "/", problems), Is.Null);
        Assert.That(problems.InOrder.Single().ToString(), Does.StartWith("actors.yaml:1:8: 'required' needs 'keys'"));
    }

    [Test]
    public void Classes_are_read_in_their_order()
    {
        var classes = Parse("""
            classes:
              - { match: "db-*", policy: protect-database, min: 2GiB, share: 2000 }
              - { match: 8b58dc5c-0165-75bb-b25b-e2c741fa9f49, actor: "balloon:gently", timeout: 90s, floor: 128MiB, max: 1GiB }
            """)!.Classes;

        Assert.That(classes, Is.EqualTo(new[]
        {
            new DomainClass("db-*", "actors.yaml") { Actor = "xl:protect-database", MinKib = 2 << 20, Share = 2000 },
            new DomainClass("8b58dc5c-0165-75bb-b25b-e2c741fa9f49", "actors.yaml") { Actor = "balloon:gently", TimeoutSeconds = 90, FloorKib = 128 << 10, MaxKib = 1 << 20 },
        }));
    }

    [Test]
    public void All_mistakes_in_classes_are_reported_at_once_with_their_positions()
    {
        var problems = new YamlProblems("actors.yaml");
        const string Text = """
            classes:
              - { match: "db-[12]", policy: protect-databse, min: 2 }
              - { policy: Balloon, share: -1, flor: 1MiB }
              - { match: "web-*" }
              - { match: "a*", policy: balloon, actor: "xl:none", max: 1GiB, min: 2GiB, floor: 3GiB }
              - { match: "a*", timeout: 0.5s, actor: "a b" }
              - db
            """;

        Assert.That(HostConfiguration.Parse(Text, "/", problems, (_, _) => ["balloon", "protect-database"]), Is.Null);
        Assert.That(problems.InOrder.Select(problem => problem.ToString()), Is.EqualTo(new[]
        {
            "actors.yaml:2:14: 'match': '[' has no meaning in a pattern; '*' stands for any text, and '?' for one character, found 'db-[12]'",
            "actors.yaml:2:33: there is no policy or actor 'protect-databse'; did you mean 'protect-database'?",
            "actors.yaml:2:55: 'min': the unit is missing: 2MiB, or 2KiB, found '2'",
            "actors.yaml:3:5: 'match' is missing: a pattern of domain names such as \"db-*\", or a UUID",
            "actors.yaml:3:15: 'policy': expected a policy's name: a lowercase letter, then lowercase letters, digits, '.', '_' and '-', found 'Balloon'",
            "actors.yaml:3:31: 'share' must be from 0 to 1000000",
            "actors.yaml:3:35: unknown key 'flor'; did you mean 'floor'?",
            "actors.yaml:4:5: this class sets nothing: give it a policy, actor, timeout, floor, min, max or share",
            "actors.yaml:5:44: there is no policy or actor 'none'; known: balloon, protect-database",
            "actors.yaml:5:44: a class has either a 'policy' or an 'actor'",
            "actors.yaml:5:60: 'max' is 1 GiB, which is below 'min', 2 GiB",
            "actors.yaml:5:60: 'max' is 1 GiB, which is below 'floor', 3 GiB",
            "actors.yaml:6:14: an earlier class matches 'a*' as well, and the first one that matches counts",
            "actors.yaml:6:29: 'timeout' must be from 1s to 30 days",
            "actors.yaml:6:42: 'actor': the actor key 'a b' is malformed: expected 'xl', 'xl:POLICY', 'ACTOR' or 'ACTOR:ARGUMENT', found 'a b'",
            "actors.yaml:7:5: each item of 'classes' should be a group of keys ('- { match: \"db-*\", policy: NAME }'), found 'db'",
        }));
    }

    [TestCase("")]
    [TestCase("# nothing\r\n\r\n  # at all\n")]
    public void A_file_without_keys_changes_nothing(string text) => Assert.That(Parse(text), Is.EqualTo(new HostConfiguration()));

    [Test]
    public void All_mistakes_are_reported_at_once_with_their_positions()
    {
        var problems = new YamlProblems("actors.yaml");

        Assert.That(HostConfiguration.Parse("default_polcy: balloon\nshadow: emergency\nplugin_memory: 0MiB\njournal: [a]\nscript_time: 500ms\n", "/", problems), Is.Null);
        Assert.That(problems.InOrder.Select(problem => problem.ToString()), Is.EqualTo(new[]
        {
            "actors.yaml:1:1: unknown key 'default_polcy'; did you mean 'default_policy'?",
            "actors.yaml:2:9: 'shadow' should be a list ('[a, b]'), found 'emergency'",
            "actors.yaml:3:16: 'plugin_memory' must be at least 1MiB",
            "actors.yaml:4:10: 'journal' should be text, found a list",
            "actors.yaml:5:14: 'script_time' must be between 1s and 60m",
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
