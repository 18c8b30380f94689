using Actors.Host.Policies;
using Actors.Host.Policies.Scripts;
using Actors.Host.Policies.Yaml;
using Actors.Sdk;
using Actors.Yaml;

namespace Actors.Host.Tests.Policies;

internal sealed class PolicyYamlTests
{
    [Test]
    public void A_chain_reads_with_its_limits()
    {
        var policy = Read("description: d\nfloor: 256MiB\ntolerance: 2MiB\nsteps:\n  - {actor: balloon, timeout: 30s, stall: 5s}\n  - actor: paging\n").Policy!;

        Assert.Multiple(() =>
        {
            Assert.That(policy.Steps, Is.EqualTo(new[]
            {
                new PolicyStep("balloon", TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(5)),
                new PolicyStep("paging", null, null),
            }));
            Assert.That(policy.Floor, Is.EqualTo(Kib.FromMiB(256)));
            Assert.That(policy.Tolerance, Is.EqualTo(Kib.FromMiB(2)));
        });
    }

    [Test]
    public void All_mistakes_are_told_at_once_with_their_places()
    {
        var problems = Read("descripton: d\nsteps:\n  - actor: Balloon!\n    timeout: 0s\n  - timeout: soon\n").Problems;

        Assert.That(problems, Is.EqualTo(new[]
        {
            "p.yaml:1:1: unknown key 'descripton'; did you mean 'description'?",
            "p.yaml:3:5: 'Balloon!' cannot be an actor's name: lower-case letters, digits, '.', '_' and '-', beginning with a letter",
            "p.yaml:4:14: 'timeout' must be longer than nothing; leave it out for no limit",
            "p.yaml:5:5: 'actor' is missing",
            "p.yaml:5:14: 'timeout': expected a duration such as 30s, 2m or 1h30m, found 'soon'",
        }));
    }

    [Test]
    public void A_policy_without_steps_is_no_policy() =>
        Assert.That(Read("description: nothing\n").Problems, Has.One.Contains("'steps' is missing"));

    [Test]
    public void A_condition_is_compiled_and_its_mistakes_have_their_own_places()
    {
        var problems = Read("steps:\n  - actor: balloon\n    when: Shrinking && Host.Free < 2.GiB()\n    keep: true\n  - actor: paging\n    when: \"Hots.Free < 2.GiB()\"\n").Problems;

        Assert.That(problems, Has.Length.EqualTo(1).And.One.StartsWith("p.yaml:6:12: The name 'Hots' does not exist"));
    }

    private static (Policy? Policy, string[] Problems) Read(string text)
    {
        var problems = new YamlProblems("p.yaml");
        return (PolicyYaml.Parse("p", text, problems, new ScriptEngine(null), "p.yaml"), [.. problems.InOrder.Select(problem => problem.ToString())]);
    }
}
