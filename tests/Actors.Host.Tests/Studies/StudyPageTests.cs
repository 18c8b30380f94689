using System.Globalization;
using System.Xml.Linq;
using Actors.Cli.CommandLine;
using Actors.Host.Tests.CommandLine;

namespace Actors.Host.Tests.Studies;

/// <summary>The page that <c>actors study --report</c> writes. Commands read the console, so these tests do not run at the same time as others.</summary>
[NonParallelizable]
internal sealed class StudyPageTests
{
    private const string Hostile = "<script>alert(1)</script>&\"'>";

    // A hostile name, a target, a pager, superpages, a domain that comes and one that goes.
    private const string Study = """
        title: Balloon & pager </title><script>alert(1)</script>
        source: a & b
        for: 90s
        seeds: 3
        world:
          host: { memory: 4GiB, superpages: true }
          domains:
            - { name: web, memory: 1GiB, guest: { balloon: { rate: 30MiB/s } }, workload: { working_set: 300MiB } }
            - { name: "<script>alert(1)</script>&\"'>", memory: 1GiB, guest: { balloon: refuses }, workload: { working_set: 700MiB } }
          events:
            - { at: 5s, domain: web, target: 600MiB }
            - { at: 5s, domain: "<script>alert(1)</script>&\"'>", target: 512MiB }
            - { at: 30s, create: { name: late, memory: 256MiB } }
            - { at: 60s, domain: web, do: destroy }
        variants:
          - { name: balloon, policy: balloon }
          - { name: <b>paging</b>, policy: paging }
        expect:
          - { variant: <b>paging</b>, domain: "<script>alert(1)</script>&\"'>", measure: footprint, most: 530 }
          - { variant: <b>paging</b>, domain: web, measure: footprint_mean, most: 5 }

        """;

    private WorkingFolder _folder = null!;
    private string _page = null!;

    [OneTimeSetUp]
    public async Task WriteTheReport()
    {
        _folder = new WorkingFolder();
        File.WriteAllText("study.yaml", Study);
        var run = await StudyAsync("study.yaml", "--json", "--report", "out.html");
        Assert.That(run.ExitCode, Is.EqualTo(ExitCode.Failed), run.Messages);
        _page = File.ReadAllText("out.html");
    }

    [OneTimeTearDown]
    public void Leave() => _folder.Dispose();

    private XElement Root => XDocument.Parse(_page[_page.IndexOf("<html", StringComparison.Ordinal)..]).Root!;

    [Test]
    public void It_is_well_formed_and_has_title_source_verdicts_and_medians()
    {
        var texts = Root.Descendants().Where(part => !part.HasElements).Select(part => part.Value).ToList();

        Assert.That(Root.Descendants("h1").Single().Value, Is.EqualTo("Balloon & pager </title><script>alert(1)</script>"));
        Assert.That(Root.Descendants("p").First().Value, Is.EqualTo("Source: a & b"));
        Assert.That(texts, Has.Some.EqualTo("✓ yes").And.Some.EqualTo("✗ no"));
        Assert.That(Root.Descendants("h2").Select(heading => heading.Value), Does.Contain("What must hold: 1 of 2 hold").And.Contain("<b>paging</b>"));
        var footprint = Root.Descendants("tr").Last(row => row.Elements().Any(cell => cell.Value == "footprint") && row.Elements().First().Value == Hostile);
        Assert.That(double.Parse(footprint.Elements().ElementAt(3).Value, CultureInfo.InvariantCulture), Is.InRange(500, 530), "the median in the variant with the pager");
    }

    [Test]
    public void It_loads_and_runs_nothing_whatever_names_contain()
    {
        Assert.That(Root.Descendants("script"), Is.Empty);
        Assert.That(Root.Descendants().Attributes().Where(attribute => attribute.Name.LocalName is "src" or "href" or "data" or "action" or "style" or "srcset")
            .Select(attribute => attribute.Value), Is.All.Match("^(#v[0-9]+|data:,|position:absolute)$"));
        Assert.That(Root.Descendants().Attributes().Where(attribute => attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal)), Is.Empty);
        Assert.That(Root.Descendants("style").Single().Value, Does.Not.Contain("@import").And.Not.Contain("http"));
        Assert.That(_page, Does.Contain("default-src 'none'"));
    }

    [Test]
    public void Each_chart_has_a_title_a_description_a_legend_and_the_same_values_as_a_table()
    {
        var figures = Root.Descendants("figure").ToList();

        // Per variant: memory, parts, slow-down, and three domains.
        Assert.That(figures, Has.Count.EqualTo(2 * 6));
        foreach (var figure in figures)
        {
            var svg = figure.Elements("svg").Single();
            Assert.That(svg.Attribute("role")!.Value, Is.EqualTo("img"));
            Assert.That(svg.Attribute("aria-labelledby")!.Value.Split(' '), Is.EqualTo(new[] { svg.Element("title")!.Attribute("id")!.Value, svg.Element("desc")!.Attribute("id")!.Value }));
            Assert.That(svg.Element("desc")!.Value, Does.Contain("at most"));
            Assert.That(figure.Descendants("li"), Is.Not.Empty);
            var (columns, rows) = (figure.Descendants("th").Count(cell => cell.Attribute("scope")!.Value == "col"), figure.Descendants("tbody").Single().Elements("tr").ToList());
            Assert.That(rows, Is.Not.Empty);
            Assert.That(rows.Select(row => row.Elements().Count()), Is.All.EqualTo(columns));
        }
        var ids = Root.Descendants().Attributes("id").Select(attribute => attribute.Value).ToList();
        Assert.That(ids, Is.Unique);
        Assert.That(Root.Descendants("table").Select(table => table.Element("caption")?.Value), Is.All.Not.Empty);
    }

    [Test]
    public void The_charts_show_footprints_against_the_host_and_targets_and_what_was_paged_and_shattered()
    {
        string Description(string title) => Root.Descendants("figure").Last(figure => figure.Element("figcaption")!.Value == title).Descendants("desc").First().Value;

        Assert.That(Description("Footprints and the memory of the host"), Does.Contain("host: 4096 MiB").And.Match("late: 25[67] MiB at first").And.Contain("all targets, with dom0: "));
        Assert.That(Description("Paged out and shattered memory of all domains"), Does.Match("paged out: 0 MiB at first, [5-9][0-9]+ MiB at most").And.Contain("on 4 KiB pages: "));
        Assert.That(Description($"{Hostile}: footprint and target"), Does.Match("target: 1024 MiB at first, 1024 MiB at most, 512 MiB at last"));
        Assert.That(Description("Slow-down"), Does.Contain("all domains, 3 seeds, most: "));
    }

    [Test]
    public async Task The_report_does_not_change_the_result_and_is_the_same_byte_for_byte_whatever_the_number_of_jobs()
    {
        var without = await StudyAsync("study.yaml", "--csv", "--jobs", "1");
        var with = await StudyAsync("study.yaml", "--csv", "--jobs", "4", "--report", "again.html");

        Assert.That(with.Output, Is.EqualTo(without.Output));
        Assert.That(File.ReadAllText("again.html"), Is.EqualTo(_page));
        Assert.That(_page, Has.Length.LessThan(400_000));
    }

    [Test]
    public async Task Each_chart_can_be_a_file_too_whatever_names_contain()
    {
        var run = await StudyAsync("study.yaml", "--csv", "--plot", "plots");
        var files = Directory.GetFiles("plots").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal).ToList();

        Assert.That(run.Messages, Does.StartWith("actors: 12 charts in plots, as PNG and SVG"));
        Assert.That(files, Has.Count.EqualTo(2 * 12));
        Assert.That(files, Is.All.Match("^[12]-[a-z0-9-]+\\.(png|svg)$"));
        foreach (var file in files.Where(file => file.EndsWith(".svg", StringComparison.Ordinal)))
            Assert.That(XDocument.Load(Path.Combine("plots", file)).Root!.Name.LocalName, Is.EqualTo("svg"));
        foreach (var file in files.Where(file => file.EndsWith(".png", StringComparison.Ordinal)))
            Assert.That(File.ReadAllBytes(Path.Combine("plots", file)).Take(4), Is.EqualTo(new byte[] { 0x89, 0x50, 0x4e, 0x47 }));
    }

    [TestCase("nowhere/out.html", "there is no folder")]
    [TestCase(".", "is a folder")]
    [TestCase("", "expected a path")]
    public async Task A_path_that_cannot_be_written_is_an_error_before_anything_runs(string path, string error)
    {
        var run = await StudyAsync("study.yaml", "--report", path);

        Assert.That((run.ExitCode, run.Output), Is.EqualTo((ExitCode.Usage, "")));
        Assert.That(run.Messages, Does.Contain(error));
    }

    [TestCase(1280)]
    [TestCase(400)]
    public void In_a_browser_nothing_is_cut_off_or_too_small_and_nothing_is_loaded(int width)
    {
        var measured = Chromium.Measure(_page, width);

        Assert.That(measured with { ContentWidth = measured.ContentWidth <= width ? width : measured.ContentWidth }, Is.EqualTo(new PageMeasures(width, width, 0, 0, 0)));
    }

    private static Task<CommandLineRun> StudyAsync(params string[] line) =>
        CommandLineRun.OfAsync(["study", .. line, "--plugins", ProgramFolder.Plugins, "--policies", ProgramFolder.Policies]);
}
