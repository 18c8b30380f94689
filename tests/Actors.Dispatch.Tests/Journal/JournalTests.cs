using System.Runtime.InteropServices;
using Actors.Dispatch.Journal;
using Actors.Sdk;
using NSubstitute;

namespace Actors.Dispatch.Tests.Journal;

internal sealed partial class JournalTests
{
    private string _path = "";

    [SetUp]
    public void MakePath() => _path = Path.Combine(Directory.CreateTempSubdirectory("journal").FullName, "sub", "journal.jsonl");

    [TearDown]
    public void RemoveFolder() => Directory.Delete(Path.GetDirectoryName(Path.GetDirectoryName(_path))!, recursive: true);

    [Test]
    public void Entries_are_read_back_in_order()
    {
        using (var journal = new FileJournal(_path))
            Append(journal, 1, 2, 3);

        Assert.That(Serials(), Is.EqualTo(new[] { 1L, 2, 3 }));
    }

    [Test]
    public void An_entry_after_a_line_that_a_crash_cut_off_starts_on_a_new_line()
    {
        using (var journal = new FileJournal(_path))
            Append(journal, 1);
        File.AppendAllText(_path, "{\"time\":\"2026-");
        Assert.That(Serials(), Is.EqualTo(new[] { 1L }));

        using (var journal = new FileJournal(_path))
            Append(journal, 2, 3);

        Assert.That(Serials(), Is.EqualTo(new[] { 1L, 2, 3 }));
        Assert.That(File.ReadAllLines(_path), Has.Length.EqualTo(4), "and there is no empty line");
    }

    [TestCase("")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("\"name\": null", "name")]
    [TestCase("\"reason\": null", "reason")]
    [TestCase("\"outcome\": null", "outcome")]
    [TestCase("\"actor\": null", "actor")]
    [TestCase("\"steps\": null", "steps")]
    [TestCase("\"steps\": [null]", "steps")]
    [TestCase("\"shadows\": [null]", "shadows")]
    [TestCase("\"domid\": 99999999999", "domid")]
    [TestCase("\"seconds\": \"NaN\"", "seconds")]
    public void A_line_that_is_no_entry_is_skipped(string text, string? field = null)
    {
        using (var journal = new FileJournal(_path))
            Append(journal, 1, 2);
        var entries = File.ReadAllLines(_path);
        var entry = System.Text.Json.Nodes.JsonNode.Parse(entries[0])!.AsObject();
        if (field is not null)
        {
            entry.Remove(field);
            text = entry.ToJsonString()[..^1] + $",{text}}}";
        }

        File.WriteAllLines(_path, [text, entries[1]]);

        Assert.That(Serials(), Is.EqualTo(new[] { 2L }));
    }

    [Test]
    public void Names_and_reasons_cannot_control_the_terminal_on_which_the_file_is_shown()
    {
        const string evil = "\u001b[2J\u009b\r\n\u202e\u2066\u2028\u200b\u007f";
        using (var journal = new FileJournal(_path))
            journal.Append(Entry(1) with { Name = evil, Reason = evil, Why = evil, Actor = evil });

        Assert.That(File.ReadAllText(_path).TrimEnd('\n'), Does.Match(@"^[\x20-\x7e]+\z"));
        Assert.That(JournalReader.Read(_path).Select(entry => (entry.Name, entry.Reason, entry.Why)), Is.EqualTo(new[] { (evil, evil, evil) }));
    }

    [Test]
    public void It_never_exceeds_twice_its_limit_and_keeps_every_entry_that_fits()
    {
        const int limit = 2000;
        using (var journal = new FileJournal(_path, limit))
            Append(journal, [.. Enumerable.Range(1, 200)]);

        var (size, before) = (new FileInfo(_path).Length, new FileInfo(FileJournal.Previous(_path)).Length);
        var line = File.ReadAllLines(_path)[0].Length + 1;
        var kept = Serials();
        Assert.Multiple(() =>
        {
            Assert.That(size, Is.LessThanOrEqualTo(limit));
            Assert.That(before, Is.InRange(limit - line - 1, limit), "a file is full before the next one begins");
            Assert.That(kept, Is.EqualTo(Enumerable.Range(201 - kept.Length, kept.Length)), "no gap, and the last one is there");
            Assert.That(kept, Has.Length.EqualTo((size + before) / line));
        });
    }

    [Test]
    public void The_group_may_read_it_and_others_may_not()
    {
        var umask = SetUmask(0);
        try
        {
            using var journal = new FileJournal(_path);
            Append(journal, 1);
            Assert.That(File.GetUnixFileMode(_path), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead));
            // Whoever can open it can lock it, and then the daemon does not start.
            Assert.That(File.GetUnixFileMode(_path + ".lock"), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        }
        finally
        {
            _ = SetUmask(umask);
        }
    }

    [Test]
    public void Entries_go_on_after_the_file_was_truncated_in_place()
    {
        using var journal = new FileJournal(_path);
        Append(journal, 1, 2);
        File.Copy(_path, _path + ".copy");
        using (var truncated = new FileStream(_path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            truncated.SetLength(0);
        Append(journal, 3);

        Assert.That(Serials(), Is.EqualTo(new[] { 3L }));
        Assert.That(File.ReadAllText(_path), Does.StartWith("{"), "no gap is left at the start");
    }

    [Test]
    public void Entries_go_to_a_new_file_after_the_old_one_was_renamed()
    {
        using var journal = new FileJournal(_path);
        Append(journal, 1);
        File.Move(_path, _path + ".old");
        Append(journal, 2);
        File.Move(_path, _path + ".old2");
        File.WriteAllText(_path, "");
        Append(journal, 3);

        Assert.That(Serials(), Is.EqualTo(new[] { 3L }));
        Assert.That(JournalReader.Read(_path + ".old2").Single().Serial, Is.EqualTo(2));
        Assert.That(JournalReader.Read(_path + ".old").Single().Serial, Is.EqualTo(1));
    }

    [Test]
    public void Two_daemons_cannot_write_to_one_journal()
    {
        using (var first = new FileJournal(_path))
        {
            first.Open();
            using var second = new FileJournal(_path);
            Assert.That(second.Open, Throws.TypeOf<JournalException>().With.Message.Contains("belongs to another running daemon"));
            File.Move(_path, _path + ".old");
            Assert.That(second.Open, Throws.TypeOf<JournalException>(), "whatever its file is called now");
            Assert.That(JournalReader.Read(_path), Is.Empty, "reading is possible");
        }
        using var third = new FileJournal(_path);
        Assert.That(third.Open, Throws.Nothing);
    }

    [Test]
    public void Two_daemons_cannot_write_to_one_journal_by_two_names()
    {
        using var first = new FileJournal(_path);
        Append(first, 1);
        Assert.That(MakeLink(_path, _path + ".too"), Is.Zero);
        using var second = new FileJournal(_path + ".too");

        Assert.That(second.Open, Throws.TypeOf<JournalException>().With.Message.Contains("belongs to another running daemon"));
        Assert.That(JournalReader.Read(_path + ".too").Single().Serial, Is.EqualTo(1), "reading is possible");
        first.Dispose();
        Assert.That(second.Open, Throws.Nothing);
    }

    [Test]
    [CancelAfter(10_000)]
    public void Only_a_regular_file_is_accepted()
    {
        var folder = Directory.CreateDirectory(Path.GetDirectoryName(_path)!).FullName;
        var (fifo, link) = (Path.Combine(folder, "fifo"), Path.Combine(folder, "link"));
        Assert.That(MakeFifo(fifo, 0x180), Is.Zero);
        File.CreateSymbolicLink(link, _path);
        Assert.Multiple(() =>
        {
            Assert.That(Refusal(fifo), Is.EqualTo($"the journal '{fifo}' is a FIFO, a socket or a device; a regular file is required"));
            Assert.That(Refusal(link), Is.EqualTo($"the journal '{link}' is a symbolic link; a regular file is required"));
            Assert.That(Refusal(folder), Is.EqualTo($"the journal '{folder}' is a folder; a regular file is required"));
            Assert.That(Refusal("/dev/null"), Does.Contain("is a FIFO, a socket or a device"));
            Assert.That(() => JournalReader.Read(fifo).ToList(), Throws.TypeOf<JournalException>());
        });
    }

    [Test]
    public void A_journal_that_is_not_writable_loses_entries_and_logs_one_warning()
    {
        var log = Substitute.For<IActorLog>();
        using var file = new FileJournal("/proc/nowhere/journal.jsonl");
        var journal = new GuardedJournal(file, log);
        Append(journal, 1, 2);

        log.Received(1).Warn(Arg.Is<string>(text => text.StartsWith("the journal is not writable, so outcomes are not kept: ")));
    }

    [Test]
    public void Any_error_of_a_journal_is_logged_once_and_so_is_its_end()
    {
        var log = Substitute.For<IActorLog>();
        var inner = Substitute.For<IJournal>();
        var journal = new GuardedJournal(inner, log);
        inner.When(it => it.Append(Arg.Is<JournalEntry>(entry => entry.Serial < 3))).Throw(new NotSupportedException("a pipe"));
        Append(journal, 1, 2, 3, 4);

        Assert.That(log.ReceivedCalls().Select(call => call.GetArguments()[0]), Is.EqualTo(new[]
        {
            "the journal is not writable, so outcomes are not kept: a pipe", "the journal is writable again",
        }));
    }

    private static string Refusal(string path)
    {
        using var journal = new FileJournal(path);
        return Assert.Throws<JournalException>(journal.Open)!.Message;
    }

    private long[] Serials() => [.. JournalReader.Read(_path).Select(entry => entry.Serial)];

    private static void Append(IJournal journal, params int[] serials)
    {
        foreach (var serial in serials)
            journal.Append(Entry(serial));
    }

    // All lines have the same length.
    private static JournalEntry Entry(long serial) => new()
    {
        Time = DateTimeOffset.UnixEpoch,
        Domid = 1,
        Uuid = Guid.Empty,
        Name = "web-1",
        Serial = serial,
        Outcome = "reached",
        Reason = $"it is there{new string('.', 9 - $"{serial}".Length)}",
    };

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial int SetUmask(int mask);

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeLink(string existing, string path);

    [LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeFifo(string path, int mode);
}
