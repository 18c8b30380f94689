using System.Globalization;
using System.Text;
using Actors.Dispatch.Settings;
using Actors.Dispatch.Tests.Calls;
using Actors.Sdk;

namespace Actors.Dispatch.Tests.Settings;

internal sealed class SettingsArchiveTests
{
    private static readonly Dictionary<string, string> Keys = new() { ["target"] = "524288", ["actor"] = "xl:paging" };
    private static readonly DomainIdentity Db1 = Domain(1);

    private readonly List<string> _warnings = [];
    private string _folder = null!;

    private string Path => System.IO.Path.Combine(_folder, "settings");

    [SetUp]
    public void Begin()
    {
        _folder = Directory.CreateTempSubdirectory("settings-").FullName;
        _warnings.Clear();
    }

    [TearDown]
    public void End() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void What_was_stored_is_there_after_a_kill()
    {
        var killed = Open();
        killed.Store(Db1, Keys);
        killed.Store(Domain(2), Keys);
        killed.Store(Db1, new Dictionary<string, string> { ["floor"] = "409600" });
        killed.Forget(Domain(2).Uuid);

        var all = Open().All;

        Assert.That(all.Select(record => (record.Uuid, record.Name)), Is.EqualTo(new[] { (Db1.Uuid, "db-1") }));
        Assert.That(all[0].Keys, Is.EqualTo(new Dictionary<string, string> { ["floor"] = "409600" }));
    }

    [Test]
    public void Values_of_any_text_come_back_unchanged()
    {
        var keys = new Dictionary<string, string> { ["actor"] = "tmem:a=\"b\"\n ü \u0001", ["target"] = "" };
        Open().Store(Db1, keys);

        Assert.That(Open().Find(Db1.Uuid)!.Keys, Is.EqualTo(keys));
    }

    [Test]
    public void Only_the_owner_can_write_the_file_and_its_group_can_read_it()
    {
        Open().Store(Db1, Keys);

        Assert.That(File.GetUnixFileMode(Path), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead));
    }

    [Test]
    public void Storing_the_same_again_writes_nothing()
    {
        var archive = Open();
        archive.Store(Db1, Keys);
        var size = new FileInfo(Path).Length;

        archive.Store(Db1, new Dictionary<string, string>(Keys));

        Assert.That(new FileInfo(Path).Length, Is.EqualTo(size));
    }

    [Test]
    public void The_file_does_not_grow_without_end()
    {
        var archive = Open();
        for (var target = 0; target < 20_000; target++)
            archive.Store(Db1, new Dictionary<string, string> { ["target"] = $"{target}" });

        Assert.That(new FileInfo(Path).Length, Is.LessThan(2 * 1024 * 1024));
        Assert.That(Open().Find(Db1.Uuid)!.Keys["target"], Is.EqualTo("19999"));
    }

    [Test]
    public void A_file_that_was_removed_or_replaced_by_another_tool_is_written_again()
    {
        var archive = Open();
        archive.Store(Db1, Keys);
        File.Delete(Path);
        archive.Store(Domain(2), Keys);
        Assert.That(Open().All, Has.Count.EqualTo(2));

        File.WriteAllText($"{Path}.other", "other");
        File.Move($"{Path}.other", Path, overwrite: true);
        archive.Store(Domain(3), Keys);
        Assert.That(Open().All, Has.Count.EqualTo(3));
        Assert.That(_warnings, Is.Empty);
    }

    [Test]
    public void A_last_line_that_a_kill_has_cut_off_is_ignored()
    {
        var archive = Open();
        archive.Store(Db1, Keys);
        archive.Store(Domain(2), Keys);
        archive.Dispose();
        File.WriteAllBytes(Path, File.ReadAllBytes(Path)[..^5]);

        Assert.That(Open().All.Select(record => record.Uuid), Is.EqualTo(new[] { Db1.Uuid }));
        Assert.That(_warnings, Is.Empty);
    }

    [Test]
    public void A_damaged_line_is_reported_and_costs_no_other_domain_its_settings()
    {
        var archive = Open();
        archive.Store(Db1, Keys);
        archive.Store(Domain(2), Keys);
        archive.Dispose();
        var damaged = File.ReadAllText(Path).Replace("524288", "524289", StringComparison.Ordinal);
        File.WriteAllText(Path, damaged[..damaged.LastIndexOf("524289", StringComparison.Ordinal)] + "524288" + damaged[(damaged.LastIndexOf("524289", StringComparison.Ordinal) + 6)..]);

        var all = Open().All;

        Assert.That(all.Select(record => record.Uuid), Is.EqualTo(new[] { Domain(2).Uuid }));
        Assert.That(_warnings.Single(), Does.Contain("line 2 is damaged").And.Contain("1 domain can be restored").And.Contain($"{Path}.damaged"));
        Assert.That(File.ReadAllText($"{Path}.damaged"), Does.Contain("524289"));
    }

    [TestCase("")]
    [TestCase("rubbish")]
    [TestCase("rubbish\nmore\n")]
    [TestCase("actors settings 2\n")]
    [TestCase("\0\0\0\0\n\0\0")]
    public void A_file_that_is_no_settings_file_never_stops_the_daemon(string content)
    {
        File.WriteAllText(Path, content);

        var archive = Open();
        archive.Store(Db1, Keys);

        Assert.That(Open().Find(Db1.Uuid)!.Keys, Is.EqualTo(Keys));
        if (content.Length > 0)
            Assert.That(File.ReadAllText($"{Path}.damaged"), Is.EqualTo(content));
    }

    [Test]
    public void A_file_that_others_can_write_is_not_trusted()
    {
        Open().Store(Db1, Keys);
        File.SetUnixFileMode(Path, File.GetUnixFileMode(Path) | UnixFileMode.OtherWrite);

        Assert.That(Open().All, Is.Empty);
        Assert.That(_warnings.Single(), Does.Contain("can be written by others"));
    }

    [Test]
    public void A_folder_or_a_link_in_place_of_the_file_is_reported_and_left_alone()
    {
        var elsewhere = System.IO.Path.Combine(_folder, "elsewhere");
        File.WriteAllText(elsewhere, "precious");
        File.CreateSymbolicLink(Path, elsewhere);

        var archive = Open();
        archive.Store(Db1, Keys);

        Assert.That(_warnings.Single(), Does.Contain("is a symbolic link"));
        Assert.That(File.ReadAllText(elsewhere), Is.EqualTo("precious"));
        Assert.That(archive.Find(Db1.Uuid), Is.Not.Null, "the settings survive at least until the daemon ends");
    }

    [Test]
    public void A_file_that_cannot_be_written_is_reported_once_and_complete_when_it_can_be()
    {
        var inTheWay = System.IO.Path.Combine(_folder, "sub");
        File.WriteAllText(inTheWay, "");
        var path = System.IO.Path.Combine(inTheWay, "settings");
        var archive = new SettingsArchive(new SettingsFile(path, _warnings.Add), TimeProvider.System);
        archive.Store(Db1, Keys);
        archive.Store(Domain(2), Keys);
        Assert.That(_warnings, Has.Count.EqualTo(1));

        File.Delete(inTheWay);
        archive.Store(Domain(3), Keys);

        Assert.That(new SettingsArchive(new SettingsFile(path, _warnings.Add), TimeProvider.System).All, Has.Count.EqualTo(3));
    }

    [Test]
    public void Beyond_a_thousand_domains_that_ended_the_first_to_end_are_dropped_and_running_ones_never()
    {
        var time = new ManualTime();
        var archive = new SettingsArchive(new SettingsFile(Path, _warnings.Add), time);
        for (var number = 0; number < SettingsArchive.MaxEnded + 3; number++)
        {
            archive.Begin(Domain(number).Uuid);
            archive.Store(Domain(number), Keys);
        }
        foreach (var number in Enumerable.Range(1, SettingsArchive.MaxEnded + 2).Reverse())
        {
            time.Advance(TimeSpan.FromSeconds(1));
            archive.End(Domain(number).Uuid);
        }

        Assert.That(archive.All, Has.Count.EqualTo(SettingsArchive.MaxEnded + 1));
        Assert.That(archive.Find(Domain(0).Uuid), Is.Not.Null, "it runs");
        Assert.That(archive.Find(Domain(SettingsArchive.MaxEnded + 2).Uuid), Is.Null);
        Assert.That(archive.Find(Domain(SettingsArchive.MaxEnded).Uuid), Is.Not.Null);
        Assert.That(Open().All, Has.Count.EqualTo(SettingsArchive.MaxEnded + 1));
    }

    [Test]
    public void The_line_of_a_record_is_readable()
    {
        Open().Store(Db1, Keys);

        Assert.That(Encoding.UTF8.GetString(File.ReadAllBytes(Path)), Does.Match(
            """^actors settings 1\n[0-9a-f]{16} \{"uuid":"[0-9a-f-]+","name":"db-1","seen":"[^"]+","keys":\{"target":"524288","actor":"xl:paging"\}\}\n$"""));
    }

    private static DomainIdentity Domain(int number) =>
        new(number, Guid.Parse(string.Create(CultureInfo.InvariantCulture, $"00000000-0000-0000-0000-{number + 1:000000000000}")), $"db-{number}");

    private SettingsArchive Open() => new(new SettingsFile(Path, _warnings.Add), TimeProvider.System);
}
