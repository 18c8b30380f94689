using System.Text;
using Actors.Chains.Scripts.Compiling;
using Actors.Host.PolicyTests;

namespace Actors.Host.Tests.Chains.Lint;

internal sealed class LinterTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lint").FullName;

    [OneTimeTearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void The_shipped_policies_have_no_errors_and_only_the_warnings_that_their_comments_explain()
    {
        var linter = PolicyLinter.For(KnownActors.In(ProgramFolder.Plugins), new ScriptCompiler());
        var findings = Directory.EnumerateFiles(ProgramFolder.Policies).SelectMany(linter.Lint).ToList();

        Assert.That(findings.Where(finding => finding.IsError), Is.Empty);
        Assert.That(findings.Select(finding => Path.GetFileName(finding.File)).Distinct(), Is.SubsetOf(new[] { "paging-then-balloon.yaml", "sharing-first.yaml" }));
    }

    [Test]
    public void A_misspelt_actor_is_found_even_where_other_things_are_wrong()
    {
        var findings = Lint("many.yaml", "steps:\n  - actor: bloon\n  - actor: balloon\n    timeout: 30\n");

        Assert.That(findings, Is.EqualTo(new[]
        {
            "2:12: error: there is no actor or policy 'bloon'; did you mean 'balloon'?",
            "4:14: error: 'timeout': the unit is missing: 30s, or 30m, found '30'",
        }));
    }

    [Test]
    public void A_step_may_name_another_policy_that_is_broken_itself()
    {
        Write("broken.yaml", "steps: [");

        Assert.That(Lint("outer.yaml", "steps: [{actor: broken}]"), Is.Empty);
    }

    [Test]
    public void A_policy_that_leads_back_to_itself_is_reported_with_the_path()
    {
        Write("one.yaml", "steps: [{actor: two}]");
        Write("two.yaml", "steps: [{actor: balloon}, {actor: three}]");

        Assert.That(Lint("three.yaml", "steps:\n  - actor: one\n"), Is.EqualTo(new[] { "2:12: error: this policy would run itself forever: three → one → two → three" }));
    }

    [Test]
    public void A_policy_can_have_the_name_of_the_actor_that_its_step_means() =>
        Assert.That(Lint("balloon.yaml", "steps: [{actor: balloon}]"), Is.Empty);

    [Test]
    public void Conditions_and_scripts_are_compiled()
    {
        Assert.That(Lint("when.yaml", "steps:\n  - actor: balloon\n    when: Hots.Free < 2.GiB()\n"), Has.One.StartsWith("3:11: error: The name 'Hots' does not exist"));
        Assert.That(Lint("script.csx", "if (Shrinkin)\n    return null;\nreturn await Run(\"bloon\");\n"), Has.One.StartsWith("1:5: error: The name 'Shrinkin' does not exist"));
        Assert.That(Lint("script.csx", "// nothing else is wrong\nreturn await Run(\"bloon\");\n"), Is.EqualTo(new[] { "2:18: error: there is no actor or policy 'bloon'; did you mean 'balloon'?" }));
    }

    [TestCase("tolerance: 1GiB\nsteps: [{actor: balloon}]", "1:12: warning: a tolerance of 1 GiB is as large as the memory of a small domain")]
    [TestCase("floor: 16MiB\ntolerance: 16MiB\nsteps: [{actor: balloon}]", "2:12: warning: a tolerance of 16 MiB is as large as")]
    [TestCase("steps:\n  - actor: balloon\n    timeout: 999ms", "2:12: warning: a timeout of 999ms ends the step before a guest can react; use 1s or more")]
    [TestCase("on_short: retry 4s\nsteps: [{actor: balloon}]", "1:11: warning: a retry after 4s leaves the guest no time to free memory; use 5s or more")]
    public void A_value_that_is_probably_a_mistake_is_reported_at_its_place(string text, string warning) =>
        Assert.That(Lint("values.yaml", text), Has.One.StartsWith(warning));

    [Test]
    public void Values_at_the_limits_are_not_reported() =>
        Assert.That(Lint("values.yaml", "floor: 64MiB\ntolerance: 63MiB\non_short: retry 5s\nsteps: [{actor: balloon, timeout: 1s}]"), Is.Empty);

    [Test]
    public void A_shadow_cannot_be_a_step()
    {
        Write("trial.yaml", "shadow: true\nsteps: [{actor: balloon}]");

        Assert.That(Lint("uses.yaml", "steps: [{actor: trial}]"), Has.One.Contains("'trial' is a shadow"));
    }

    [Test]
    public void A_file_that_is_not_text_is_an_error_and_stops_nothing()
    {
        File.WriteAllBytes(Path.Combine(_folder, "binary.yaml"), [0xff, 0xc0, 0x80]);
        File.WriteAllText(Path.Combine(_folder, "big.yaml"), new string('a', 10 * 1024 * 1024));
        File.WriteAllText(Path.Combine(_folder, "bom.yaml"), "steps: [{actor: balloon}]", Encoding.UTF8);

        Assert.Multiple(() =>
        {
            Assert.That(Lint("binary.yaml"), Has.One.Contains("is not UTF-8 text"));
            Assert.That(Lint("big.yaml"), Has.One.Contains("larger than the maximum of 4 MiB"));
            Assert.That(Lint("bom.yaml"), Is.Empty);
            Assert.That(Lint("nobody.yaml"), Has.One.Contains("there is no such file"));
            Assert.That(Lint("notes.txt", "x"), Has.One.Contains("this is not a policy"));
        });
    }

    [Test]
    public void Tests_without_a_policy_are_reported_together_with_the_mistakes_in_them()
    {
        var findings = Lint("lonely.test.yaml", "world: { domains: [{ name: a, memory: 1GiB }] }\ntests:\n  - { name: t, target: 512MiB, outcme: reached, steps: [balloon] }\n");

        Assert.That(findings, Has.One.Contains("there is no lonely.yaml or lonely.csx in this folder").And.One.Contains("did you mean 'outcome'?"));
    }

    private string[] Lint(string file, string text)
    {
        Write(file, text);
        return Lint(file);
    }

    private string[] Lint(string file) =>
        [.. PolicyLinter.For(["balloon", "paging", "sharing"], new ScriptCompiler()).Lint(Path.Combine(_folder, file)).Select(finding => finding.ToString()[(_folder.Length + file.Length + 2)..])];

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(_folder, file), text);
}
