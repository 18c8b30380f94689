namespace Actors.Dispatch.Tests;

/// <summary>Every write below a domain causes an event, and few concern the daemon.</summary>
internal sealed class DomainEventsTests
{
    [TestCase("", KeyChange.Domain | KeyChange.BalloonTarget)]
    [TestCase("/memory", KeyChange.Settings | KeyChange.BalloonTarget)]
    [TestCase("/memory/target", KeyChange.BalloonTarget)]
    [TestCase("/memory/static-max", KeyChange.Settings)]
    [TestCase("/name", KeyChange.Settings)]
    [TestCase("/control/feature-balloon", KeyChange.Driver)]
    [TestCase("/memory-policy", KeyChange.Settings)]
    [TestCase("/memory-policy/target", KeyChange.Target)]
    [TestCase("/memory-policy/actor", KeyChange.Settings)]
    [TestCase("/memory-policy/timeout", KeyChange.Settings)]
    [TestCase("/memory-policy/floor", KeyChange.Settings)]
    [TestCase("/memory-policy/min", KeyChange.Settings)]
    [TestCase("/memory-policy/max", KeyChange.Settings)]
    [TestCase("/memory-policy/share", KeyChange.Settings)]
    [TestCase("/memory-policy/sharing-group", KeyChange.Settings)]
    [TestCase("/memory-policy/left-alone", KeyChange.Settings)]
    [TestCase("/memory-policy/state", KeyChange.None)]
    [TestCase("/memory-policy/balloon-target", KeyChange.None)]
    [TestCase("/memory-policy/acme/target", KeyChange.None)]
    [TestCase("/memory-policy/", KeyChange.None)]
    [TestCase("/memory/meminfo", KeyChange.None)]
    [TestCase("/memory/target/x", KeyChange.None)]
    [TestCase("/device/vif/0/name", KeyChange.None)]
    [TestCase("/data/memory/target", KeyChange.None)]
    [TestCase("/data/memory-policy/target", KeyChange.None)]
    [TestCase("/memory-policy-x/target", KeyChange.None)]
    public void An_event_means_what_its_whole_path_says(string below, KeyChange change) =>
        Assert.That(DomainEvents.ChangeAt(DomainEvents.KeyOf($"/local/domain/17{below}")), Is.EqualTo(change));

    [TestCase("", true)]
    [TestCase("/memory-policy", true)]
    [TestCase("/memory-policy/state", false)]
    [TestCase("/memory", false)]
    public void Only_an_event_of_the_folder_or_of_what_holds_it_can_mean_that_it_is_gone(string below, bool mayBeGone) =>
        Assert.That(DomainEvents.MayEndFolder(DomainEvents.KeyOf($"/local/domain/17{below}")), Is.EqualTo(mayBeGone));
}
