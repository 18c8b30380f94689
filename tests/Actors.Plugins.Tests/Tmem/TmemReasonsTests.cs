using Actors.Sdk;
using Actors.Tmem;

namespace Actors.Plugins.Tests.Tmem;

internal sealed class TmemReasonsTests
{
    private const string Described = "the pools hold 150 MiB ephemeral and 50 MiB persistent";

    private static readonly TmemPools Pools =
        new(Kib.FromMiB(150).ToPages(), Kib.FromMiB(50).ToPages(), Frozen: false, Cap: null, Weight: 1);

    [Test]
    public void Pools_are_described_with_their_cap_and_whether_they_are_frozen()
    {
        Assert.That(TmemReasons.Describe(Pools), Is.EqualTo(Described));
        Assert.That(TmemReasons.Describe(Pools with { Cap = Kib.FromMiB(76) }), Is.EqualTo($"{Described}, capped at 76 MiB"));
        Assert.That(TmemReasons.Describe(Pools with { Frozen = true }), Is.EqualTo($"{Described}, frozen"));
    }

    [Test]
    public void A_reached_target_names_what_was_dropped()
    {
        Assert.That(TmemReasons.Reached(Pools with { Ephemeral = Kib.FromMiB(274).ToPages() }, Pools), Is.EqualTo($"124 MiB of ephemeral pages dropped; {Described}"));
        Assert.That(TmemReasons.Reached(Pools, Pools), Is.EqualTo(Described));
        Assert.That(TmemReasons.Reached(Pools with { Ephemeral = Pages.Zero }, Pools), Is.EqualTo(Described), "the guest has put pages");
    }

    [Test]
    public void Persistent_pages_are_named_only_if_there_are_any()
    {
        Assert.That(TmemReasons.NothingToDrop(Pools, Kib.FromMiB(74)), Is.EqualTo(
            $"74 MiB short: no ephemeral pages are left to drop, and only the guest can take its persistent pages back; {Described}"));
        Assert.That(TmemReasons.NothingToDrop(Pools with { Persistent = Pages.Zero }, Kib.FromMiB(74)), Is.EqualTo(
            "74 MiB short: no ephemeral pages are left to drop; the pools hold 150 MiB ephemeral and 0 KiB persistent"));
    }

    [Test]
    public void Pools_that_do_not_grow_are_explained() =>
        Assert.That(TmemReasons.NotGrowing(Pools, Kib.FromMiB(74), hostIsFull: false), Is.EqualTo($"74 MiB below the target: the guest puts no more pages into its pools; {Described}"));
}
