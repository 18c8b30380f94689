using Actors.Host.Doctor;

namespace Actors.Host.Tests.Doctor;

internal sealed class JournalFindingsTests
{
    private ScratchFolder _folder = null!;

    [SetUp]
    public void Open() => _folder = new ScratchFolder();

    [TearDown]
    public void Close() => _folder.Dispose();

    [Test]
    public void A_writable_journal_is_fine_and_checking_does_not_change_it()
    {
        var path = Path.Combine(_folder.Path, "journal");
        File.WriteAllText(path, "{}\n");

        Assert.That(JournalFindings.Of(path, daemonRuns: true).Status, Is.EqualTo(FindingStatus.Ok));
        Assert.That(File.ReadAllText(path), Is.EqualTo("{}\n"));
    }

    [Test]
    public void A_folder_in_its_place_is_reported_with_advice() =>
        Assert.That(JournalFindings.Of(_folder.Path, daemonRuns: false),
            Has.Property("Status").EqualTo(FindingStatus.Bad).And.Property("Text").Contains("is a folder").And.Property("Advice").Not.Empty);

    [Test]
    public void A_journal_that_a_running_daemon_could_not_create_is_reported() => Assert.Multiple(() =>
    {
        var path = Path.Combine(_folder.Path, "missing");
        Assert.That(JournalFindings.Of(path, daemonRuns: true).Text, Does.Contain("could not create"));
        Assert.That(JournalFindings.Of(path, daemonRuns: false).Status, Is.EqualTo(FindingStatus.Ok));
    });
}
