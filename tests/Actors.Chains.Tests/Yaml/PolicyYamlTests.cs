using Actors.Chains.Model;
using Actors.Chains.Scripts;
using Actors.Chains.Scripts.Compiling;
using Actors.Chains.Scripts.Running;
using Actors.Chains.Yaml;
using Actors.Dispatch.Registry;
using Actors.Sdk;
using Actors.Yaml;
using FsCheck;
using FsCheck.Fluent;

namespace Actors.Chains.Tests.Yaml;

internal sealed class PolicyYamlTests
{
    [Test]
    public void A_chain_with_every_key_is_read()
    {
        var policy = Read(
            "description: d\nfloor: 256MiB\ntolerance: 2MiB\non_short: retry 5m\non_drift: report\nshadow: true\n"
            + "steps:\n  - {actor: balloon, timeout: 30s, stall: 5s, keep: false}\n  - actor: paging\n    when: Host.Free < 1.GiB()\n").Policy!;

        Assert.Multiple(() =>
        {
            Assert.That(policy.Steps.Select(step => (step.Actor, step.Timeout, step.Stall, step.Keep, step.When?.Text)), Is.EqualTo(new (string, TimeSpan?, TimeSpan?, bool, string?)[]
            {
                ("balloon", TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(5), false, null),
                ("paging", null, null, true, "Host.Free < 1.GiB()"),
            }));
            Assert.That(policy.Floor, Is.EqualTo(Kib.FromMiB(256)));
            Assert.That(policy.Tolerance, Is.EqualTo(Kib.FromMiB(2)));
            Assert.That(policy.OnShort, Is.EqualTo(new OnShort(Release: false, TimeSpan.FromMinutes(5))));
            Assert.That(policy.OnDrift, Is.EqualTo(OnDrift.Report));
            Assert.That(policy.Shadow);
            Assert.That(policy.Steps[1].At, Is.EqualTo(new Mark(9, 12)));
        });
    }

    [Test]
    public void All_mistakes_are_reported_at_once_with_their_places()
    {
        var problems = Read("descripton: d\nsteps:\n  - actor: Balloon!\n    timeout: 0s\n  - timeout: soon\n    keep: yes\n").Problems;

        Assert.That(problems, Is.EqualTo(new[]
        {
            "p.yaml:1:1: unknown key 'descripton'; did you mean 'description'?",
            "p.yaml:3:12: 'Balloon!' is not a valid actor name: a lowercase letter, then lowercase letters, digits, '.', '_' and '-'",
            "p.yaml:4:14: 'timeout' must be longer than 0; omit it for no limit",
            "p.yaml:5:5: 'actor' is missing",
            "p.yaml:5:14: 'timeout': expected a duration such as 30s, 2m or 1h30m, found 'soon'",
            "p.yaml:6:11: 'keep': expected true or false (did you mean 'true'?), found 'yes'",
        }));
    }

    [TestCase("steps: [{actor: Paging}]", "1:17: 'Paging' is not a valid actor name; did you mean 'paging'?")]
    [TestCase("steps: [{actor: xl:careful}]", "a step names a policy without 'xl:'; write 'careful'")]
    [TestCase("steps:\n- actor: balloon\ntimeout: 30s", "3:1: 'timeout' belongs to a step")]
    [TestCase("steps: [{actor: balloon, floor: 1GiB}]", "1:26: 'floor' belongs to the policy")]
    [TestCase("steps: [balloon]", "1:9: each item of 'steps' should be a group of keys ('- actor: balloon'), found 'balloon'")]
    [TestCase("steps:\n  - actor:balloon", "a space is missing after ':'")]
    [TestCase("steps:\n  -actor: balloon", "a space is missing after '-'")]
    [TestCase("steps:\n  actor: balloon", "a '- ' is missing before 'actor'")]
    [TestCase("steps: [{actor: balloon}]\non_short: restore", "2:11: 'on_short': expected stay, release or retry DURATION (did you mean 'release'?), found 'restore'")]
    [TestCase("steps: [{actor: balloon}]\non_drift: retyr", "2:11: 'on_drift': expected retry or report (did you mean 'retry'?), found 'retyr'")]
    [TestCase("steps: [{actor: balloon}]\non_short: retry", "the time to wait is missing: retry 5m")]
    [TestCase("steps: [{actor: balloon}]\non_short: retry 1ms", "the wait is too short")]
    [TestCase("steps: []", "'steps' is missing")]
    [TestCase("description: nothing", "'steps' is missing")]
    [TestCase("# nothing\n", "the file is empty")]
    public void A_mistake_is_reported_with_what_was_probably_meant(string text, string expected) =>
        Assert.That(Read(text).Problems, Has.One.Contains(expected));

    [TestCase("steps:\n  - actor: balloon\n   timeout: 30s\n", "3:4: this is not YAML: this line starts in the wrong column")]
    [TestCase("steps:\n  - actor: balloon\n      timeout: 30s\n", "3:14: this is not YAML: there is a ': ' inside a value: is this line indented too far")]
    [TestCase("steps: [{actor: balloon}\n", "this is not YAML: a '[' is not closed")]
    [TestCase("description: \"open\nsteps: []\n", "this is not YAML: a quote is not closed")]
    [TestCase("steps:\n\t- actor: balloon\n", "2:1: a tab is used for indentation")]
    [TestCase("steps:\n  - actor: balloon\0\n", "2:19: there is a control character here")]
    public void A_file_that_is_not_YAML_is_reported_in_plain_words(string text, string expected) =>
        Assert.That(Read(text).Problems, Has.One.Contains(expected));

    [Test]
    public void Windows_line_endings_work() =>
        Assert.That(Read("steps:\r\n  - actor: balloon\r\n    timeout: 30s\r\n").Policy!.Steps[0].Timeout, Is.EqualTo(TimeSpan.FromSeconds(30)));

    [Test]
    public void A_thousand_mistakes_are_summarised()
    {
        var problems = Read("steps:\n" + string.Concat(Enumerable.Repeat("  - {actr: x}\n", 1000))).Problems;

        Assert.That(problems, Has.Length.EqualTo(101));
        Assert.That(problems[^1], Does.EndWith("and 1900 more problems"));
    }

    [Test]
    public void Any_text_is_either_a_policy_or_has_problems()
    {
        var pieces = Gen.Elements("steps:", "- ", "actor: ", "balloon", "\n", "  ", "when: ", "keep: ", "retry ", "{", "}", "[", "]", ",", "&a ", "*a", "!", "\t", "30s", "\"", "'", "|", ">", "#", "\r\n", "---", ":", "on_short: ", "\u0001", "é");
        var texts = pieces.ListOf().Select(list => string.Concat(list));
        Prop.ForAll(texts.ToArbitrary(), text =>
        {
            var (policy, problems) = Read(text);
            return (policy is null) == (problems.Length > 0);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(60));
    }

    [Test]
    public void The_mistakes_in_a_condition_are_reported_at_their_own_places()
    {
        var problems = Read("steps:\n  - actor: balloon\n    when: Shrinking && Host.Free < 2.GiB()\n    keep: true\n  - actor: paging\n    when: \"Hots.Free < 2.GiB()\"\n").Problems;

        Assert.That(problems, Has.Length.EqualTo(1).And.One.StartsWith("p.yaml:6:12: The name 'Hots' does not exist"));
    }

    private static (Policy? Policy, string[] Problems) Read(string text)
    {
        var problems = new YamlProblems("p.yaml");
        return (PolicyYaml.Parse("p", text, problems, new ScriptEngine(new ScriptStore(null), new ScriptCompiler(), new LocalRunner()), "p.yaml"), [.. problems.InOrder.Select(problem => problem.ToString())]);
    }
}
