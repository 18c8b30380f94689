using Actors.Xen.Domains;
using Actors.Xen.Hypercalls;
using Actors.XenStore;
using Actors.XenStore.Embedded;

namespace Actors.Xen.Tests.Domains;

internal sealed class AnnouncementsTests
{
    private readonly HandClock _clock = new();
    private IXenStore _store = null!;
    private Announcements _announcements = null!;

    [SetUp]
    public void Make()
    {
        _store = new EmbeddedXenStore().Connect(0);
        _announcements = new Announcements(_store, _clock);
    }

    [TearDown]
    public async Task CloseAsync() => await _store.DisposeAsync();

    [Test]
    public async Task A_guest_is_up_once_its_kernel_says_so()
    {
        var before = await _announcements.AnnouncedAsync(Record(), default);
        await _store.WriteTextAsync("/local/domain/3/control/feature-poweroff", "");
        var empty = await _announcements.AnnouncedAsync(Record(), default);
        await _store.WriteTextAsync("/local/domain/3/control/feature-poweroff", "1");

        Assert.That((before, empty, await _announcements.AnnouncedAsync(Record(), default)), Is.EqualTo((false, false, true)));
    }

    [Test]
    public async Task A_guest_that_never_says_so_is_up_after_two_minutes_of_work() =>
        Assert.That(await _announcements.AnnouncedAsync(Record() with { CpuTime = 121_000_000_000 }, default), Is.True);

    [Test]
    public async Task An_idle_guest_that_was_restored_is_up_after_two_minutes_of_ours()
    {
        var before = await _announcements.AnnouncedAsync(Record(), default);
        _clock.Now += TimeSpan.FromMinutes(2);

        Assert.That((before, await _announcements.AnnouncedAsync(Record(), default)), Is.EqualTo((false, true)));
    }

    [Test]
    public async Task A_guest_that_suspended_itself_here_goes_on_at_once_under_its_new_number()
    {
        await _announcements.AnnouncedAsync(Suspended(Saved), default);
        _announcements.Keep(new HashSet<(int, Guid)>());

        Assert.That(await _announcements.AnnouncedAsync(Saved with { Domid = 4 }, default), Is.True);
    }

    [Test]
    public async Task A_guest_that_went_on_after_a_save_boots_like_any_other_the_next_time()
    {
        await _announcements.AnnouncedAsync(Suspended(Saved), default);
        await _announcements.AnnouncedAsync(Saved, default);

        Assert.That(await _announcements.AnnouncedAsync(Saved with { Domid = 4 }, default), Is.False);
    }

    [Test]
    public async Task A_guest_that_was_restored_boots_like_any_other_the_next_time()
    {
        await _announcements.AnnouncedAsync(Suspended(Saved), default);
        await _announcements.AnnouncedAsync(Saved with { Domid = 4 }, default);

        Assert.That(await _announcements.AnnouncedAsync(Saved with { Domid = 5 }, default), Is.False);
    }

    [Test]
    public async Task A_number_that_is_given_again_is_another_guest()
    {
        await _store.WriteTextAsync("/local/domain/3/control/feature-poweroff", "1");
        await _announcements.AnnouncedAsync(Record(), default);
        await _store.RemoveAsync("/local/domain/3");

        Assert.That(await _announcements.AnnouncedAsync(Record() with { Handle = Guid.NewGuid() }, default), Is.False);
    }

    [Test]
    public async Task Dom0_is_never_booting() =>
        Assert.That(await _announcements.AnnouncedAsync(Record() with { Domid = 0 }, default), Is.True);

    private static readonly DomainRecord Saved = Record() with { Handle = new Guid("8f913c7b-9662-4bf6-b716-d97d06a74f43") };

    private static DomainRecord Suspended(DomainRecord record) => record with { Flags = DomainRecord.Shutdown | (DomainRecord.ShutdownSuspend << 16) };

    private static DomainRecord Record() => new(3, 0, 1, 1, 0, 0, 0, 1_000_000_000, Guid.Empty, 1);

    private sealed class HandClock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
