using Actors.Cli.CommandLine;
using Actors.Host.Tests.CommandLine;

namespace Actors.Host.Tests.PolicyTests;

/// <summary>The files that <c>actors policy test</c> and <c>lint</c> are given.</summary>
[NonParallelizable]
internal sealed class PolicyTestFilesTests
{
    private ScratchFolder _folder = null!;

    [SetUp]
    public void Open()
    {
        _folder = new ScratchFolder();
        foreach (var name in new[] { "balloon.yaml", "balloon.test.yaml" })
            File.Copy(Path.Combine(ProgramFolder.Policies, name), At(name));
        File.WriteAllText(At("broken.yaml"), "steps: [\n");
        Directory.CreateDirectory(At("folder.yaml"));
        File.CreateSymbolicLink(At("link.yaml"), At("balloon.yaml"));
    }

    [TearDown]
    public void Close() => _folder.Dispose();

    [TestCase("missing.yaml", "there is no such file")]
    [TestCase("broken.yaml", "broken.yaml:")]
    [TestCase("folder.yaml", "is a folder; a regular file is required")]
    [TestCase("link.yaml", "is a symbolic link; a regular file is required")]
    [TestCase("notes.txt", "this is not a policy")]
    public async Task A_file_that_cannot_be_tested_is_an_error_and_the_others_are_tested(string name, string message)
    {
        var run = await CommandLineRun.OfAsync(["policy", "test", At(name), At("balloon.yaml"), "--plugins", ProgramFolder.Plugins]);

        Assert.That(run.ExitCode, Is.EqualTo(ExitCode.InvalidConfiguration), run.Screen);
        Assert.That(run.Messages, Does.Contain(message).And.Contain(At(name)).And.Match("[1-9] passed, 0 failed; broken"));
    }

    [Test]
    public async Task What_is_broken_in_a_folder_is_reported_too()
    {
        var run = await CommandLineRun.OfAsync(["policy", "test", _folder.Path, "--plugins", ProgramFolder.Plugins]);

        Assert.That(run.ExitCode, Is.EqualTo(ExitCode.InvalidConfiguration), run.Screen);
        Assert.That(run.Messages, Does.Contain(At("broken.yaml")).And.Contain(At("folder.yaml")).And.Match("[1-9] passed"));
    }

    [Test]
    public async Task Lint_names_the_folder_that_has_no_policies()
    {
        Directory.CreateDirectory(At("empty"));

        var run = await CommandLineRun.OfAsync(["policy", "lint", At("empty"), "--plugins", ProgramFolder.Plugins]);

        Assert.That(run.Messages, Does.Contain($"{At("empty")}: there are no policies in this folder"));
    }

    private string At(string name) => Path.Combine(_folder.Path, name);
}
