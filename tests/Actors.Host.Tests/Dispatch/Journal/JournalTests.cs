using Actors.Dispatch.Journal;
using Actors.Sdk;
using NSubstitute;

namespace Actors.Host.Tests.Dispatch.Journal;

internal sealed class JournalTests
{
    private string _path = "";

    [SetUp]
    public void MakePath() => _path = Path.Combine(Directory.CreateTempSubdirectory("journal").FullName, "sub", "journal.jsonl");

    [Test]
    public void What_is_kept_is_read_back_in_order()
    {
        using (var journal = new FileJournal(_path, Substitute.For<IActorLog>()))
            for (var serial = 1; serial <= 3; serial++)
                journal.Append(Entry(serial));

        Assert.That(JournalReader.Read(_path).Select(entry => entry.Serial), Is.EqualTo(new[] { 1L, 2, 3 }));
    }

    [Test]
    public void A_line_that_a_crash_cut_off_is_passed_over()
    {
        using (var journal = new FileJournal(_path, Substitute.For<IActorLog>()))
            journal.Append(Entry(1));
        File.AppendAllText(_path, "{\"time\":\"2026-");

        Assert.That(JournalReader.Read(_path).Count(), Is.EqualTo(1));
    }

    [Test]
    public void It_never_takes_more_than_twice_its_limit_and_keeps_the_newest()
    {
        using (var journal = new FileJournal(_path, Substitute.For<IActorLog>(), limitBytes: 2000))
            for (var serial = 1; serial <= 200; serial++)
                journal.Append(Entry(serial));

        Assert.Multiple(() =>
        {
            Assert.That(new FileInfo(_path).Length + new FileInfo(FileJournal.Previous(_path)).Length, Is.LessThanOrEqualTo(4000));
            Assert.That(JournalReader.Read(_path).Last().Serial, Is.EqualTo(200));
        });
    }

    [Test]
    public void A_journal_that_cannot_be_written_costs_entries_and_one_warning()
    {
        var log = Substitute.For<IActorLog>();
        using var journal = new FileJournal("/proc/nowhere/journal.jsonl", log);
        journal.Append(Entry(1));
        journal.Append(Entry(2));

        log.Received(1).Warn(Arg.Is<string>(text => text.Contains("cannot be written")));
    }

    private static JournalEntry Entry(long serial) => new()
    {
        Time = DateTimeOffset.UnixEpoch,
        Domid = 1,
        Uuid = Guid.Empty,
        Name = "web-1",
        Serial = serial,
        Outcome = "reached",
        Reason = "it is there",
    };
}
