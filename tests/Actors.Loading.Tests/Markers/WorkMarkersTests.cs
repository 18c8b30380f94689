using Actors.Loading.Markers;

namespace Actors.Loading.Tests.Markers;

internal sealed class WorkMarkersTests
{
    private const string Hash = "0123abcd";

    private string _folder = null!;
    private List<string> _reports = null!;

    private string FilePath => Path.Combine(_folder, "in-progress");

    [SetUp]
    public void Create() => (_folder, _reports) = (Directory.CreateTempSubdirectory("markers-").FullName, []);

    [TearDown]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void What_was_in_progress_when_two_daemons_in_a_row_died_is_left_out()
    {
        Die(WorkKind.Running);
        var second = Open();
        Assert.That(second.LeftOut("acme", Hash), Is.Null);
        Assert.That(_reports.Single(), Does.Contain("died while it was running plugin 'acme'"));
        second.Begin(WorkKind.Running, "acme", Hash);

        var third = Open();

        Assert.That(third.LeftOut("acme", Hash), Does.Contain("2 daemons in a row died while they were running plugin 'acme'").And.Contain("actors plugin reload acme"));
        Assert.That(third.LeftOut("acme", "another"), Is.Null);
        Assert.That(third.LeftOut("other", Hash), Is.Null);
        Assert.That(WorkMarkers.LeftOutIn(FilePath).Single().Plugin, Is.EqualTo("acme"));
    }

    [Test]
    public void A_death_without_it_in_between_begins_the_count_again()
    {
        Die(WorkKind.Running);
        Die(WorkKind.Running, "other");
        Die(WorkKind.Running);

        Assert.That(Open().LeftOut("acme", Hash), Is.Null);
    }

    [Test]
    public void What_ended_before_the_daemon_died_is_innocent()
    {
        for (var death = 0; death < 3; death++)
            Open().Begin(WorkKind.Running, "acme", Hash).Dispose();

        Assert.That(Open().LeftOut("acme", Hash), Is.Null);
        Assert.That(_reports, Is.Empty);
    }

    [Test]
    public void A_daemon_that_was_stopped_has_not_died_and_leaves_no_file()
    {
        for (var stop = 0; stop < 3; stop++)
        {
            var markers = Open();
            using var never = markers.Begin(WorkKind.Running, "acme", Hash);
            markers.Clear();
        }

        Assert.That(File.Exists(FilePath), Is.False);
        Assert.That(Open().LeftOut("acme", Hash), Is.Null);
    }

    [Test]
    public void What_is_left_out_stays_so_after_a_stop_until_the_operator_or_another_version_brings_it_back()
    {
        Die(WorkKind.Loading);
        Die(WorkKind.Loading);
        Open().Clear();
        Assert.That(Open().LeftOut("acme", Hash), Is.Not.Null);

        Open().ForgetOthers("acme", Hash);
        Assert.That(Open().LeftOut("acme", Hash), Is.Not.Null);
        Open().ForgetOthers("acme", "another");
        Assert.That(Open().LeftOut("acme", Hash), Is.Null);

        Die(WorkKind.Loading);
        Die(WorkKind.Loading);
        Open().Forget("acme");
        Assert.That(Open().LeftOut("acme", Hash), Is.Null);
    }

    [Test]
    public void A_power_failure_is_nobodys_fault()
    {
        for (var failure = 0; failure < 3; failure++)
        {
            Die(WorkKind.Running);
            var lines = File.ReadAllLines(FilePath);
            File.WriteAllLines(FilePath, [new string('0', WorkMarker.Length - 1), .. lines.Skip(1)]);
        }

        Assert.That(Open().LeftOut("acme", Hash), Is.Null);
        Assert.That(_reports, Is.Empty);
    }

    [TestCase("")]
    [TestCase("garbage\n\0\0\nrunning acme\n")]
    public void A_damaged_file_is_replaced(string content)
    {
        File.WriteAllText(FilePath, content);

        Die(WorkKind.Running);

        Assert.That(Open().LeftOut("acme", Hash), Is.Null);
        Assert.That(_reports, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_file_that_cannot_be_written_is_reported_and_stops_nothing()
    {
        Directory.CreateDirectory(FilePath);
        var warnings = new List<string>();

        var markers = WorkMarkers.Open(FilePath, warnings.Add, (_, _) => { });
        using var running = markers.Begin(WorkKind.Running, "acme", Hash);

        Assert.That(warnings.Single(), Does.Contain("cannot be recorded"));
        Assert.That(markers.Describe(), Is.EqualTo("in progress: running plugin 'acme'"));
    }

    [Test]
    public void It_describes_what_works_or_worked_last()
    {
        var markers = WorkMarkers.InMemory();
        Assert.That(markers.Describe(), Is.EqualTo("no plugin's code has run in the daemon's process"));
        markers.Begin(WorkKind.Loading, "acme", Hash).Dispose();
        Assert.That(markers.Describe(), Does.EndWith("the last to do so: loading plugin 'acme'"));

        using var first = markers.Begin(WorkKind.Running, "acme", Hash);
        using var second = markers.Begin(WorkKind.Running, "other", Hash);
        first.Dispose();
        Assert.That(markers.Describe(), Is.EqualTo("in progress: running plugin 'other'"));
    }

    private WorkMarkers Open() => WorkMarkers.Open(FilePath, warning => Assert.Fail(warning), (_, text) => _reports.Add(text));

    // Nothing is closed, as when the process is killed.
    private void Die(WorkKind kind, string plugin = "acme") => Open().Begin(kind, plugin, Hash);
}
