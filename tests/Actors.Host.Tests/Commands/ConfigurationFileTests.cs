using Actors.Cli.CommandLine;
using Actors.Dispatch.Files;
using Actors.Host.Commands;
using Actors.Host.Settings;

namespace Actors.Host.Tests.Commands;

internal sealed class ConfigurationFileTests
{
    private readonly List<string> _warnings = [];
    private ScratchFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => (_folder, _) = (new ScratchFolder(), _warnings.RemoveAll(_ => true));

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void A_broken_configuration_is_an_error_with_file_and_line() =>
        Assert.That(() => Read("default_policy: [x"), Throws.InstanceOf<CommandException>()
            .With.Property("ExitCode").EqualTo(ExitCode.InvalidConfiguration).And.Message.Contains($"{File}:2:1: this is not YAML"));

    [Test]
    public void A_configuration_that_breaks_later_keeps_its_last_good_version_and_is_reported()
    {
        Read("default_policy: balloon");
        var again = Read("default_policy: Balloon");

        Assert.That(again.DefaultPolicy, Is.EqualTo("balloon"));
        Assert.That(_warnings, Has.One.StartsWith("the configuration is broken, so its last good version is used:").And.Contains($"{File}:1:17:"));
    }

    [Test]
    public void A_repaired_configuration_is_used_again()
    {
        Read("default_policy: balloon");
        Read("default_policy: Balloon");

        Assert.That(Read("default_policy: paging").DefaultPolicy, Is.EqualTo("paging"));
        Assert.That(_warnings, Has.Count.EqualTo(1));
    }

    [Test]
    public void Without_a_file_nothing_is_set() =>
        Assert.That(ConfigurationFile.Read(null, LastGood, _warnings.Add), Is.EqualTo(new HostConfiguration()));

    private string File => Path.Combine(_folder.Path, "actors.yaml");

    private LastGoodFiles LastGood => new(Path.Combine(_folder.Path, "last-good"), _warnings.Add);

    private HostConfiguration Read(string text)
    {
        System.IO.File.WriteAllText(File, text);
        return ConfigurationFile.Read(File, LastGood, _warnings.Add);
    }
}
