using System.Text;
using Actors.Host.PolicyTests;

namespace Actors.Host.Tests.Chains.Lint;

internal sealed class LinterTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lint").FullName;

    [OneTimeTearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void What_ships_has_no_errors_and_warns_only_of_what_its_own_comments_tell()
    {
        var linter = PolicyLinter.For(KnownActors.In(ProgramFolder.Plugins));
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
    public void A_way_back_to_the_policy_itself_is_told_with_its_stations()
    {
        Write("one.yaml", "steps: [{actor: two}]");
        Write("two.yaml", "steps: [{actor: balloon}, {actor: three}]");

        Assert.That(Lint("three.yaml", "steps:\n  - actor: one\n"), Is.EqualTo(new[] { "2:12: error: this policy would run itself, for ever: three → one → two → three" }));
    }

    [Test]
    public void A_policy_may_bear_the_name_of_the_actor_that_its_step_means() =>
        Assert.That(Lint("balloon.yaml", "steps: [{actor: balloon}]"), Is.Empty);

    [Test]
    public void A_condition_and_a_script_are_compiled()
    {
        Assert.That(Lint("when.yaml", "steps:\n  - actor: balloon\n    when: Hots.Free < 2.GiB()\n"), Has.One.StartsWith("3:11: error: The name 'Hots' does not exist"));
        Assert.That(Lint("script.csx", "if (Shrinkin)\n    return null;\nreturn await Run(\"bloon\");\n"), Has.One.StartsWith("1:5: error: The name 'Shrinkin' does not exist"));
        Assert.That(Lint("script.csx", "// nothing else is wrong\nreturn await Run(\"bloon\");\n"), Is.EqualTo(new[] { "2:18: error: there is no actor or policy 'bloon'; did you mean 'balloon'?" }));
    }

    [Test]
    public void A_shadow_cannot_be_a_step()
    {
        Write("trial.yaml", "shadow: true\nsteps: [{actor: balloon}]");

        Assert.That(Lint("uses.yaml", "steps: [{actor: trial}]"), Has.One.Contains("'trial' is a shadow"));
    }

    [Test]
    public void Files_that_are_no_text_are_errors_and_nothing_worse()
    {
        File.WriteAllBytes(Path.Combine(_folder, "binary.yaml"), [0xff, 0xc0, 0x80]);
        File.WriteAllText(Path.Combine(_folder, "big.yaml"), new string('a', 10 * 1024 * 1024));
        File.WriteAllText(Path.Combine(_folder, "bom.yaml"), "steps: [{actor: balloon}]", Encoding.UTF8);

        Assert.Multiple(() =>
        {
            Assert.That(Lint("binary.yaml"), Has.One.Contains("not text in UTF-8"));
            Assert.That(Lint("big.yaml"), Has.One.Contains("larger than 4 MiB"));
            Assert.That(Lint("bom.yaml"), Is.Empty);
            Assert.That(Lint("nobody.yaml"), Has.One.Contains("there is no such file"));
            Assert.That(Lint("notes.txt", "x"), Has.One.Contains("this is no policy"));
        });
    }

    [Test]
    public void Tests_without_a_policy_are_told_and_mistakes_in_them_too()
    {
        var findings = Lint("lonely.test.yaml", "world: { domains: [{ name: a, memory: 1GiB }] }\ntests:\n  - { name: t, target: 512MiB, outcme: reached, steps: [balloon] }\n");

        Assert.That(findings, Has.One.Contains("beside them is neither lonely.yaml nor lonely.csx").And.One.Contains("did you mean 'outcome'?"));
    }

    private string[] Lint(string file, string text)
    {
        Write(file, text);
        return Lint(file);
    }

    private string[] Lint(string file) =>
        [.. PolicyLinter.For(["balloon", "paging", "sharing"]).Lint(Path.Combine(_folder, file)).Select(finding => finding.ToString()[(_folder.Length + file.Length + 2)..])];

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(_folder, file), text);
}
