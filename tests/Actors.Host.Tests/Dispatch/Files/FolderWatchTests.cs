using Actors.Dispatch.Files;
using Actors.Host.Logging;

namespace Actors.Host.Tests.Dispatch.Files;

/// <summary>The clock is virtual and there are no notices from the kernel, so the rescan finds every change.</summary>
internal sealed class FolderWatchTests
{
    private static readonly TimeSpan ByNow = TimeSpan.FromSeconds(31);

    [Test]
    public void A_file_written_in_place_is_reported_once_even_without_notices() => Story(async (folder, changes, pass) =>
    {
        await pass(ByNow);
        Assert.That(changes, Is.Empty, "nothing happened");
        Write(Path.Combine(folder, "p.yaml"), "two");
        await pass(ByNow);
        Assert.That(changes, Is.EqualTo(new[] { "two" }));
        await pass(ByNow);
        Assert.That(changes, Has.Count.EqualTo(1));
    });

    [Test]
    public void A_file_renamed_over_the_old_one_is_reported_even_if_size_and_time_are_the_same() => Story(async (folder, changes, pass) =>
    {
        var (file, copy) = (Path.Combine(folder, "p.yaml"), Path.Combine(folder, ".p.yaml.swp"));
        Write(copy, "new");
        File.SetLastWriteTimeUtc(copy, File.GetLastWriteTimeUtc(file));
        File.Move(copy, file, overwrite: true);
        await pass(ByNow);
        Assert.That(changes, Is.EqualTo(new[] { "new" }));
    });

    [Test]
    public void A_file_is_reported_only_when_nothing_writes_to_it_any_more() => Story(async (folder, changes, pass) =>
    {
        var file = Path.Combine(folder, "p.yaml");
        await pass(TimeSpan.FromSeconds(29.9));
        foreach (var piece in new[] { "a", "ab", "abc", "abcd" })
        {
            Write(file, piece);
            await pass(TimeSpan.FromMilliseconds(200));
        }
        Assert.That(changes, Is.Empty, "it is still being written");
        await pass(TimeSpan.FromSeconds(1));
        Assert.That(changes, Is.EqualTo(new[] { "abcd" }));
    });

    [Test]
    public void A_writer_that_never_stops_does_not_delay_the_report_forever() => Story(async (folder, changes, pass) =>
    {
        for (var round = 0; round < 250; round++)
        {
            Write(Path.Combine(folder, "p.yaml"), new string('x', round));
            await pass(TimeSpan.FromMilliseconds(200));
        }
        Assert.That(changes, Is.Not.Empty);
    });

    [Test]
    public void A_removed_file_and_a_folder_that_is_removed_and_recreated_are_reported() => Story(async (folder, changes, pass) =>
    {
        File.Delete(Path.Combine(folder, "p.yaml"));
        await pass(ByNow);
        Directory.Delete(folder);
        await pass(ByNow);
        Directory.CreateDirectory(folder);
        Write(Path.Combine(folder, "p.yaml"), "back");
        await pass(ByNow);
        Assert.That(changes, Is.EqualTo(new[] { "gone", "gone", "back" }));
    });

    [Test]
    public void A_change_that_fails_is_logged_and_the_next_one_is_reported() => Story(async (folder, changes, pass) =>
    {
        Write(Path.Combine(folder, "p.yaml"), "fails");
        await pass(ByNow);
        Write(Path.Combine(folder, "p.yaml"), "works");
        await pass(ByNow);
        Assert.That(changes, Is.EqualTo(new[] { "fails", "works" }));
    });

    // Synchronous: the virtual clock does not wait for other threads.
    private static void Write(string file, string text) => File.WriteAllText(file, text);

    private static void Story(Func<string, List<string>, Func<TimeSpan, Task>, Task> story) => TestWorld.Run(async world =>
    {
        using var scratch = new ScratchFolder();
        var (file, changes) = (Path.Combine(scratch.Path, "p.yaml"), new List<string>());
        Write(file, "old");
        Task Changed()
        {
            changes.Add(File.Exists(file) ? File.ReadAllText(file) : "gone");
            return changes[^1] == "fails" ? throw new InvalidOperationException("fails on request") : Task.CompletedTask;
        }
        await using (FolderWatch.OfFiles(scratch.Path, world.Time, notices: false, Changed, Log.Silent))
            await story(scratch.Path, changes, time => Task.Delay(time, world.Time));
    });
}
