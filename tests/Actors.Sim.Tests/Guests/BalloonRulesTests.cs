using Actors.Sdk;
using Actors.Sim.Guests;
using Actors.Sim.Memory;

namespace Actors.Sim.Tests;

/// <summary>What Linux's balloon driver takes and gives in one batch.</summary>
internal sealed class BalloonRulesTests
{
    [TestCase(100, 5000, 100, nameof(BalloonState.Done), TestName = "it takes the rest")]
    [TestCase(9000, 5000, 512, nameof(BalloonState.Done), TestName = "it takes 512 pages at a time")]
    [TestCase(9000, 2559, 512, nameof(BalloonState.Again), TestName = "less available than the reserve is a failure, although pages were taken")]
    [TestCase(9000, 2560, 512, nameof(BalloonState.Done), TestName = "as much available as the reserve is not")]
    [TestCase(9000, 300, 300, nameof(BalloonState.Again), TestName = "it takes no more than is available")]
    [TestCase(300, 300, 300, nameof(BalloonState.Done), TestName = "everything that it wanted is no failure, however little is left")]
    [TestCase(9000, 0, 0, nameof(BalloonState.Again), TestName = "nothing available")]
    public void It_shrinks_to_what_is_available(long missing, long available, long taken, string state)
    {
        var step = BalloonRules.Next(View(populated: 20000, target: 20000 - missing, available: available), BalloonState.Done);
        Assert.That((step.Move, step.Amount.Value, $"{step.State}"), Is.EqualTo((BalloonMove.Inflate, taken, state)));
    }

    [Test]
    public void A_failed_allocation_is_a_failure_and_what_was_taken_before_stays_taken()
    {
        var step = BalloonRules.Next(View(populated: 20000, target: 10000, available: 20000, takeable: 77), BalloonState.Done);
        Assert.That((step.Move, step.Amount.Value, step.State), Is.EqualTo((BalloonMove.Inflate, 77L, BalloonState.Again)));
    }

    [TestCase(5000, 512, nameof(BalloonState.Done))]
    [TestCase(40, 40, nameof(BalloonState.Done), Description = "a part is a success")]
    [TestCase(0, 0, nameof(BalloonState.Again))]
    public void It_grows_as_far_as_the_hypervisor_lets_it(long room, long given, string state)
    {
        var step = BalloonRules.Next(View(populated: 20000, target: 30000, room: room), BalloonState.Done);
        Assert.That((step.Move, step.Amount.Value, $"{step.State}"), Is.EqualTo((BalloonMove.Deflate, given, state)));
    }

    [Test]
    public void An_empty_balloon_makes_it_forget_a_higher_target_and_give_up_at_once()
    {
        var step = BalloonRules.Next(View(populated: 20000, target: 30000, ballooned: 0), BalloonState.Done);
        Assert.That((step.Move, step.State), Is.EqualTo((BalloonMove.ForgetTarget, BalloonState.Cancelled)));
    }

    [TestCase(1, 32768)]
    [TestCase(32769, 65536)]
    [TestCase(90000, 70000, Description = "no more than there is")]
    public void With_memory_hotplug_an_empty_balloon_makes_it_add_whole_sections_and_wait(long missing, long added)
    {
        var step = BalloonRules.Next(View(populated: 20000, target: 20000 + missing, ballooned: 0, pluggable: 70000), BalloonState.Done);
        Assert.That((step.Move, step.Amount.Value, step.State), Is.EqualTo((BalloonMove.Plug, added, BalloonState.Wait)));
    }

    [Test]
    public void At_its_target_it_does_nothing_and_keeps_its_state() =>
        Assert.That(BalloonRules.Next(View(populated: 20000, target: 20000), BalloonState.Again).State, Is.EqualTo(BalloonState.Again));

    [TestCase(256, 4096, 2560)]
    [TestCase(1024, 10240, 5120)]
    [TestCase(4096, 28672, 10240)]
    public void The_kernels_reserve_grows_with_the_guest(long mebibytes, long total, long low)
    {
        var reserve = KernelReserve.Of(Kib.FromMiB(mebibytes));
        Assert.That((reserve.Total.ToKib().Value, reserve.LowWatermark.ToKib().Value), Is.EqualTo((total, low)));
    }

    [Test]
    public void Available_memory_is_free_memory_above_the_reserve_and_the_file_cache_without_the_low_watermark()
    {
        var size = Kib.FromMiB(1024).ToPages();
        var memory = new GuestMemory(size, size);
        memory.Convert(PageClass.Free, PageClass.Kernel, Kib.FromMiB(884).ToPages());
        memory.Convert(PageClass.Free, PageClass.InactiveCache, Kib.FromMiB(40).ToPages());
        var reserve = KernelReserve.Of(Kib.FromMiB(1024));
        Assert.That(reserve.Available(memory).ToKib(), Is.EqualTo(Kib.FromMiB(100 - 10 + 40 - 5)));
        memory.Convert(PageClass.Free, PageClass.Hot, Kib.FromMiB(100).ToPages());
        memory.Convert(PageClass.InactiveCache, PageClass.Hot, Kib.FromMiB(36).ToPages());
        Assert.That(reserve.Available(memory), Is.EqualTo(Pages.Zero), "never negative");
    }

    private static BalloonView View(
        long populated, long target, long ballooned = 50000, long available = 20000, long takeable = 20000, long room = 50000,
        long pluggable = 0) => new(
        new Pages(populated), new Pages(target), new Pages(ballooned), new Pages(pluggable), new Pages(available), new Pages(2560), new Pages(takeable), new Pages(room),
        BalloonRules.LargestBatch);
}
