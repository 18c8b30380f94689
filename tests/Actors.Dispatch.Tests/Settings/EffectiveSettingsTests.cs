using Actors.Dispatch.Registry;
using Actors.Dispatch.Settings;
using Actors.Dispatch.Snapshots;

namespace Actors.Dispatch.Tests.Settings;

internal sealed class EffectiveSettingsTests
{
    private static readonly DomainClass Databases = new("db-*", "actors.yaml") { Actor = "xl:paging", TimeoutSeconds = 90, FloorKib = 1, MinKib = 2, MaxKib = 3, Share = 0 };

    [Test]
    public void The_key_of_the_domain_comes_first_then_its_class_then_the_default()
    {
        var keys = new DomainSettings("xl", "5", null) { Max = "7" };

        var settings = EffectiveSettings.Of(keys, Databases);

        Assert.Multiple(() =>
        {
            Assert.That(settings.Actor, Is.EqualTo(new Setting("xl", "memory-policy/actor")));
            Assert.That(settings.Timeout, Is.EqualTo(new Setting("5", "memory-policy/timeout")));
            Assert.That(settings.Floor, Is.EqualTo(new Setting("1", "class 'db-*' in actors.yaml")));
            Assert.That(settings.Min, Is.EqualTo(new Setting("2", "class 'db-*' in actors.yaml")));
            Assert.That(settings.Max, Is.EqualTo(new Setting("7", "memory-policy/max")));
            Assert.That(settings.Share, Is.EqualTo(new Setting("0", "class 'db-*' in actors.yaml")));
            Assert.That(EffectiveSettings.Of(DomainSettings.None, null).Share, Is.EqualTo(new Setting(null, "default")));
        });
    }

    [TestCase(null, null, null, "")]
    [TestCase("1", "2", "1000", "")]
    [TestCase("2g", null, null, "memory-policy/min: min is not a number of KiB in decimal digits")]
    [TestCase(null, "-1", null, "memory-policy/max: max is not a number of KiB in decimal digits")]
    [TestCase(null, null, "1000001", "memory-policy/share: share is not a number from 0 to 1000000")]
    [TestCase(null, null, "much", "memory-policy/share: share is not a number from 0 to 1000000")]
    [TestCase("3", "2", null, "min 3 KiB (memory-policy/min) is above max 2 KiB (memory-policy/max)")]
    public void The_settings_of_controllers_are_checked(string? min, string? max, string? share, string problem) =>
        Assert.That(string.Join("; ", EffectiveSettings.Of(DomainSettings.None with { Min = min, Max = max, Share = share }, null).ControllerProblems()), Is.EqualTo(problem));
}
