using Actors.Chains.Files;
using Actors.Host.Daemon;
using Actors.Host.Settings;
using Actors.Host.Studies;
using Actors.Sim.Studies;
using Actors.Sim.Studies.Yaml;

namespace Actors.Host.Tests.Studies;

internal sealed class ShippedStudiesTests
{
    [TestCaseSource(nameof(Files))]
    public void A_shipped_study_holds_with_its_first_seed(string name)
    {
        var study = StudyFile.Load(Path.Combine(Folder, name), Policies) with { Seeds = 1 };

        Assert.That(study.Expectations, Is.Not.Empty);
        Assert.That(study.Source, Is.Not.Empty);
        Assert.That(Wrong(study), Is.Empty);
    }

    [Test]
    public void The_page_on_studies_describes_every_shipped_study()
    {
        var page = File.ReadAllText(ProgramFolder.InDocs("studies.md"));

        Assert.That(Files().Where(name => !page.Contains($"studies/{name}", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public void The_example_of_the_page_on_studies_holds()
    {
        var example = File.ReadAllText(ProgramFolder.InDocs("studies.md")).Split("```yaml\n")[1].Split("```")[0];

        Assert.That(Wrong(StudyFile.Parse(example, "docs/studies.md", Policies)), Is.Empty);
    }

    [Test]
    public void The_page_on_studies_explains_every_measure()
    {
        var page = File.ReadAllText(ProgramFolder.InDocs("studies.md"));

        Assert.That(Enum.GetValues<Measure>().Select(Measures.NameOf).Where(name => !page.Contains($"`{name}`", StringComparison.Ordinal)), Is.Empty);
    }

    private static IReadOnlyList<string> Policies => [.. PolicyFile.In(ProgramFolder.Policies).Select(PolicyFile.NameOf)];

    private static string Folder => Path.GetFullPath(Path.Combine(ProgramFolder.InDocs("."), "..", "studies"));

    private static IEnumerable<string> Files() => Directory.EnumerateFiles(Folder, "*.yaml").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Wrong(Study study)
    {
        var options = new HostOptions { PluginFolder = ProgramFolder.Plugins, PolicyFolder = ProgramFolder.Policies, Scripts = ScriptProcesses.ForCommand, KeepsScripts = true };
        var results = StudyBatch.Play(study, options, jobs: 2, overTime: false, _ => { }, CancellationToken.None);
        return StudySummary.Verdicts(study, results).Where(verdict => !verdict.Holds).Select(verdict => $"{verdict.Expectation}: {verdict.Detail}");
    }
}
