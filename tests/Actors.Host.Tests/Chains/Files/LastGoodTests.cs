using Actors.Dispatch.Registry;

namespace Actors.Host.Tests.Chains.Files;

/// <summary>A broken file does no harm after a restart either.</summary>
internal sealed class LastGoodTests
{
    private const string Good = "steps: [{actor: good}]";

    private readonly ScratchFolder _copies = new();

    [OneTimeTearDown]
    public void RemoveCopies() => _copies.Dispose();

    [TestCase("p.yaml", "floor: 1GiB\nsteps: [{actor: good}]", "steps: [", "p.yaml:2:1: this is not YAML")]
    [TestCase("p.csx", "await Run(\"good\");", "await Rum(\"good\");", "p.csx:1:7: The name 'Rum' does not exist")]
    public void The_last_good_version_serves_after_a_restart_and_says_that_its_file_is_broken(string name, string good, string broken, string problem) => TestWorld.Run(world =>
    {
        using var files = Files(world);
        files.Write((name, good));
        var version = files["p"].Serving;
        files.Write((name, broken));

        using var restarted = files.Restart(world);
        Assert.Multiple(() =>
        {
            Assert.That(restarted["p"], Has.Property("Serving").EqualTo(version).And.Property("Behind").True);
            Assert.That(restarted.Directory.FindPolicy("p")!.FileProblem, Does.StartWith(problem));
            Assert.That(restarted.Logged, Has.One.Contains($"policy 'p': its last good version, {version}, keeps serving"));
        });

        restarted.Write((name, good));
        Assert.That(restarted.Directory.FindPolicy("p")!.FileProblem, Is.Null);
        return Task.CompletedTask;
    });

    [Test]
    public void A_policy_also_reports_the_broken_file_of_a_policy_that_is_its_step() => TestWorld.Run(world =>
    {
        using var files = Files(world);
        files.Write(("inner.yaml", Good), ("outer.yaml", "steps: [{actor: inner}]"), ("other.yaml", Good));
        files.Write(("inner.yaml", "steps: ["));

        Assert.That(files.Directory.FindPolicy("outer")!.FileProblem, Does.StartWith("inner.yaml:2:1: this is not YAML"));
        Assert.That(files.Directory.FindPolicy("other")!.FileProblem, Is.Null);
        return Task.CompletedTask;
    });

    [Test]
    public void A_policy_that_never_was_good_is_reported_as_broken_with_file_and_line() => TestWorld.Run(world =>
    {
        using var files = Files(world);
        files.Write(("new.yaml", "steps:\n- actor: good\n  tmeout: 5s"), ("outer.yaml", "steps: [{actor: new}]"));

        Assert.That(files.Directory.Choose(new ActorKey(IsXl: true, "new", "")), Is.EqualTo(new ActorChoice.Missing(
            "the policy 'new' is broken: new.yaml:3:3: unknown key 'tmeout'; did you mean 'timeout'?")));
        Assert.That(files.Directory.NoSuchStep("new", []), Does.StartWith("the policy 'new' is broken: new.yaml:3:3:"));

        files.Write(("new.yaml", Good));
        Assert.That(files.Directory.BrokenPolicies, Is.Empty);
        return Task.CompletedTask;
    });

    [Test]
    public void A_removed_policy_does_not_come_back_when_a_broken_file_takes_its_name() => TestWorld.Run(world =>
    {
        using var files = Files(world);
        files.Write(("p.yaml", Good));
        File.Delete(files.File("p.yaml"));
        files.Folder.Scan();
        files.Write(("p.yaml", "steps: ["));

        using var restarted = files.Restart(world);
        Assert.That(restarted["p"].Serving, Is.Null);
        return Task.CompletedTask;
    });

    [Test]
    public void A_copy_that_others_can_write_is_not_used() => TestWorld.Run(world =>
    {
        using var files = Files(world);
        files.Write(("mine.yaml", Good));
        files.Write(("mine.yaml", "steps: ["));
        var copy = Directory.GetFiles(Copies, "*mine.yaml").Single();
        File.SetUnixFileMode(copy, (UnixFileMode)Convert.ToInt32("666", 8));

        using var restarted = files.Restart(world);
        Assert.That(restarted["mine"].Serving, Is.Null);
        Assert.That(restarted.Logged, Has.One.Contains($"the last good version of {files.File("mine.yaml")} is not used").And.Contains("chmod go-w"));
        File.Delete(copy);
        return Task.CompletedTask;
    });

    [Test]
    public void Only_the_user_can_read_the_copies() => TestWorld.Run(world =>
    {
        using var files = Files(world);
        files.Write(("p.yaml", Good));

        Assert.That(File.GetUnixFileMode(Copies), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
        return Task.CompletedTask;
    });

    private string Copies => Path.Combine(_copies.Path, "copies");

    private PolicyFiles Files(TestWorld world) => new(world, lastGood: Copies);
}
