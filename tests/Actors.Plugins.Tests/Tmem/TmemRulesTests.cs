using Actors.Sdk;
using Actors.Tmem;
using FsCheck;
using FsCheck.Fluent;
using static Actors.Plugins.Tests.Infos;

namespace Actors.Plugins.Tests.Tmem;

internal sealed class TmemRulesTests
{
    private static readonly TmemArgument None = new(null, null);

    [TestCase("", null, null)]
    [TestCase("cap=64MiB", 65536L, null)]
    [TestCase("cap=2GiB", 2097152L, null)]
    [TestCase("weight=10", null, 10)]
    [TestCase("weight=0,cap=512KiB", 512L, 0)]
    public void An_argument_may_give_a_cap_and_a_weight(string text, long? cap, int? weight) =>
        Assert.That(TmemArgument.Parse(text).Argument, Is.EqualTo(new TmemArgument(cap is { } kib ? new Kib(kib) : null, weight)));

    [TestCase("cap=64")]
    [TestCase("cap=64mib")]
    [TestCase("cap=-1MiB")]
    [TestCase("cap=")]
    [TestCase("cap")]
    [TestCase("cap=1MiB,cap=2MiB")]
    [TestCase("weight=1.5")]
    [TestCase("weight=99999999999")]
    [TestCase("cap=1MiB,")]
    [TestCase(" cap=1MiB")]
    [TestCase("size=1MiB")]
    public void A_malformed_argument_is_rejected_with_the_grammar(string text)
    {
        var (argument, error) = TmemArgument.Parse(text);
        Assert.That(argument, Is.Null);
        Assert.That(error, Does.Contain(TmemArgument.Grammar));
    }

    [Test]
    public void Any_text_is_either_an_argument_or_an_error() => Prop.ForAll<NonNull<string>>(text =>
        TmemArgument.Parse(text.Get) is var (argument, error) && argument is null == error.Length > 0).QuickCheckThrowOnFailure();

    [TestCase(1100, 76, 124, TestName = "As many pages are dropped as the target needs")]
    [TestCase(1000, 0, 150, TestName = "Persistent pages are not dropped")]
    [TestCase(1300, 276, 0, TestName = "A higher target raises the cap")]
    public void Only_ephemeral_pages_are_dropped_and_no_more_than_needed(long target, long cap, long flush) =>
        Assert.That(TmemStep.For(Of(1224, pools: 200), Pools(150, 50), Target(target), None),
            Is.EqualTo(new TmemStep(Kib.FromMiB(cap), Kib.FromMiB(flush).ToPages())));

    [Test]
    public void A_cap_in_the_actor_key_holds_even_if_the_target_would_allow_more() =>
        Assert.That(TmemStep.For(Of(1224, pools: 200), Pools(150, 50), Target(1300), None with { Cap = Kib.FromMiB(64) }),
            Is.EqualTo(new TmemStep(Kib.FromMiB(64), Kib.FromMiB(136).ToPages())));

    [Test]
    public void Written_settings_read_back_unchanged()
    {
        foreach (var found in new[] { new TmemSettings(true, null, 1), new TmemSettings(false, Kib.FromMiB(64), 250) })
            Assert.That(TmemSettings.Parse(found.ToString()), Is.EqualTo(found));
        Assert.That(TmemSettings.Parse("frozen=2 cap=none weight=1"), Is.Null);
    }

    [Test]
    public void A_cap_in_the_actor_key_does_not_raise_the_cap_of_the_target() =>
        Assert.That(TmemStep.For(Of(1224, pools: 200), Pools(150, 50), Target(1100), None with { Cap = Kib.FromMiB(100) }).Cap, Is.EqualTo(Kib.FromMiB(76)));

    [TestCase("frozen=0 cap=none weight=1 ")]
    [TestCase(" frozen=0 cap=none weight=1")]
    [TestCase("frozen=0 cap= weight=1")]
    [TestCase("")]
    [TestCase(null)]
    public void Malformed_settings_are_unknown(string? text) => Assert.That(TmemSettings.Parse(text), Is.Null);

    [Test]
    public void The_text_of_settings_is_stable()
    {
        Assert.That(new TmemSettings(true, null, 1).ToString(), Is.EqualTo("frozen=1 cap=none weight=1"));
        Assert.That(TmemSettings.Of(Pools(1, 1) with { Cap = new Kib(64) }).ToString(), Is.EqualTo("frozen=0 cap=64 weight=1"));
    }

    [Test]
    public void An_error_quotes_the_setting() =>
        Assert.That(TmemArgument.Parse("cap=64").Error, Is.EqualTo(
            "'cap=64' in the actor key is malformed or repeated: expected tmem[:cap=SIZE][,weight=NUMBER], SIZE with its unit (64MiB, 1GiB, 512KiB)"));

    private static TmemPools Pools(long ephemeral, long persistent) =>
        new(Kib.FromMiB(ephemeral).ToPages(), Kib.FromMiB(persistent).ToPages(), Frozen: false, Cap: null, Weight: 1);
}
