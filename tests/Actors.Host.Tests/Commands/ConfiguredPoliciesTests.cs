using Actors.Cli.CommandLine;
using Actors.Host.Commands;
using Actors.Host.Daemon;

namespace Actors.Host.Tests.Commands;

/// <summary>The names of policies in the configuration are checked before the daemon starts.</summary>
internal sealed class ConfiguredPoliciesTests
{
    private static readonly HostOptions Shipped = new() { PluginFolder = ProgramFolder.Plugins, PolicyFolder = ProgramFolder.Policies };

    [Test]
    public void An_unknown_default_policy_is_an_error_that_names_it() =>
        Assert.That(() => ConfiguredPolicies.Check(Shipped with { DefaultPolicy = "emergancy" }), Throws.InstanceOf<CommandException>()
            .With.Property("ExitCode").EqualTo(ExitCode.InvalidConfiguration)
            .And.Message.EqualTo("the configuration names an unknown default policy, 'emergancy'; did you mean 'emergency'?"));

    [Test]
    public void An_unknown_shadow_is_an_error_that_names_it() =>
        Assert.That(() => ConfiguredPolicies.Check(Shipped with { Shadows = ["emergency", "nightshift"] }), Throws.InstanceOf<CommandException>()
            .With.Message.EqualTo("the configuration names an unknown shadow, 'nightshift'; did you mean 'night-shift'?"));

    [Test]
    public void A_policy_or_an_actor_can_be_the_default() => Assert.Multiple(() =>
    {
        Assert.That(() => ConfiguredPolicies.Check(Shipped with { DefaultPolicy = "night-shift" }), Throws.Nothing);
        Assert.That(() => ConfiguredPolicies.Check(Shipped with { DefaultPolicy = "tmem" }), Throws.Nothing);
        Assert.That(() => ConfiguredPolicies.Check(Shipped), Throws.Nothing);
    });

    [Test]
    public void A_broken_policy_is_not_an_unknown_one()
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(Path.Combine(folder.Path, "mine.yaml"), "steps: [");

        Assert.That(() => ConfiguredPolicies.Check(Shipped with { PolicyFolder = folder.Path, DefaultPolicy = "mine" }), Throws.Nothing);
    }
}
