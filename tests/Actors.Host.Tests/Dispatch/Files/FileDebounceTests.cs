using Actors.Dispatch.Files;

namespace Actors.Host.Tests.Dispatch.Files;

/// <summary>When changed files count as settled; used for policies and for plugins.</summary>
internal sealed class FileDebounceTests
{
    [Test]
    public void Files_have_settled_when_they_look_the_same_for_long_enough() => TestWorld.Run(async world =>
    {
        var debounce = new FileDebounce(world.Time);

        Assert.That(Settled("new"), Is.False, "just changed");
        await world.AfterAsync(0.2);
        Assert.That(Settled("newer"), Is.False, "changed again");
        await world.AfterAsync(0.2);
        Assert.That(Settled("newer"), Is.False, "too soon");
        Assert.That(debounce.Any, Is.True);
        await world.AfterAsync(0.1);
        Assert.That(Settled("newer"), Is.True);
        Assert.That(debounce.Any, Is.False);

        bool Settled(string fingerprint) => debounce.HasSettled("a", fingerprint, "old", FileDebounce.Quiet);
    });

    [Test]
    public void Files_that_change_back_have_not_changed() => TestWorld.Run(async world =>
    {
        var debounce = new FileDebounce(world.Time);
        debounce.HasSettled("a", "new", "old", FileDebounce.Quiet);
        Assert.That(debounce.Unsettled, Is.EqualTo(new[] { "a" }));

        await world.AfterAsync(1);
        Assert.That(debounce.HasSettled("a", "old", "old", FileDebounce.Quiet), Is.False);
        Assert.That(debounce.Unsettled, Is.Empty);
    });

    [TestCase(5, true)]
    [TestCase(null, false)]
    public void Files_that_never_settle_are_waited_for_as_long_as_the_limit_says(int? limit, bool settled) => TestWorld.Run(async world =>
    {
        var debounce = new FileDebounce(world.Time, limit is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
        var ever = false;
        for (var change = 0; change < 40; change++)
        {
            ever |= debounce.HasSettled("a", $"{change}", "old", FileDebounce.Quiet);
            await world.AfterAsync(0.2);
        }

        Assert.That(ever, Is.EqualTo(settled));
    });
}
