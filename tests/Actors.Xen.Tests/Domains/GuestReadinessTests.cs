using Actors.Xen.Domains;
using Actors.Xen.Hypercalls;
using Actors.XenStore;
using Actors.XenStore.Embedded;
using NSubstitute;

namespace Actors.Xen.Tests.Domains;

internal sealed class GuestReadinessTests
{
    private readonly HandClock _clock = new();
    private IXenStore _store = null!;
    private GuestReadiness _readiness = null!;

    [SetUp]
    public void Make()
    {
        _store = new EmbeddedXenStore().Connect(0);
        _readiness = new GuestReadiness(_store, _clock);
    }

    [TearDown]
    public async Task CloseAsync() => await _store.DisposeAsync();

    [Test]
    public async Task A_guest_is_ready_when_its_kernel_writes_the_key()
    {
        var before = await _readiness.IsReadyAsync(Record(), default);
        await _store.WriteTextAsync("/local/domain/3/control/feature-poweroff", "");
        var empty = await _readiness.IsReadyAsync(Record(), default);
        await _store.WriteTextAsync("/local/domain/3/control/feature-poweroff", "1");

        Assert.That((before, empty, await _readiness.IsReadyAsync(Record(), default)), Is.EqualTo((false, false, true)));
    }

    [Test]
    public async Task A_guest_that_never_writes_the_key_is_ready_after_two_minutes_of_CPU_time() =>
        Assert.That(await _readiness.IsReadyAsync(Record() with { CpuTime = 121_000_000_000 }, default), Is.True);

    [Test]
    public async Task An_idle_restored_guest_is_ready_after_two_minutes()
    {
        var before = await _readiness.IsReadyAsync(Record(), default);
        _clock.Now += TimeSpan.FromMinutes(2);

        Assert.That((before, await _readiness.IsReadyAsync(Record(), default)), Is.EqualTo((false, true)));
    }

    [Test]
    public async Task A_guest_that_clears_its_key_does_not_look_as_if_it_were_booting_again()
    {
        await _store.WriteTextAsync("/local/domain/3/control/feature-poweroff", "1");
        await _readiness.IsReadyAsync(Record(), default);
        await _store.RemoveAsync("/local/domain/3/control/feature-poweroff");

        Assert.That(await _readiness.IsReadyAsync(Record(), default), Is.True);
    }

    [Test]
    public async Task A_guest_that_keeps_its_key_empty_looks_as_if_it_were_booting_for_two_minutes_only()
    {
        for (var second = 0; second < 119; second++)
        {
            await _store.WriteTextAsync("/local/domain/3/control/feature-poweroff", "");
            Assert.That(await _readiness.IsReadyAsync(Record(), default), Is.False);
            _clock.Now += TimeSpan.FromSeconds(1);
        }
        _clock.Now += TimeSpan.FromSeconds(1);

        Assert.That(await _readiness.IsReadyAsync(Record(), default), Is.True);
    }

    [Test]
    public async Task A_guest_that_rewrites_its_key_with_other_values_or_creates_its_folder_again_stays_ready()
    {
        const string folder = "/local/domain/3/control";
        await _store.WriteTextAsync($"{folder}/feature-poweroff", "1");
        await _readiness.IsReadyAsync(Record(), default);

        foreach (var value in new[] { "", "0", "1", "" })
        {
            await _store.RemoveAsync(folder);
            await _store.WriteTextAsync($"{folder}/feature-poweroff", value);
            Assert.That(await _readiness.IsReadyAsync(Record(), default), Is.True, $"'{value}'");
        }
    }

    [Test]
    public async Task A_guest_that_suspends_itself_again_and_again_looks_as_if_it_were_booting_for_two_minutes_only()
    {
        for (var second = 0; second < 120; second++)
        {
            await _readiness.IsReadyAsync(Suspended(Saved), default);
            Assert.That(await _readiness.IsReadyAsync(Saved, default), Is.False);
            _clock.Now += TimeSpan.FromSeconds(1);
        }

        Assert.That(await _readiness.IsReadyAsync(Saved, default), Is.True);
    }

    [Test]
    public async Task A_list_of_booting_guests_does_not_wait_for_an_unreachable_store_once_for_each_guest()
    {
        var store = Substitute.For<IXenStore>();
        store.TryReadAsync("", default).ReturnsForAnyArgs(ValueTask<byte[]?> (_) => throw new XenStoreConnectionException("away", RequestFate.NotSent));
        var readiness = new GuestReadiness(store, _clock);
        for (var domid = 1; domid <= 50; domid++)
            Assert.That(await readiness.IsReadyAsync(Record() with { Domid = domid }, default), Is.False);

        Assert.That(store.ReceivedCalls().Count(), Is.EqualTo(1));
        _clock.Now += TimeSpan.FromSeconds(5);
        await readiness.IsReadyAsync(Record(), default);
        Assert.That(store.ReceivedCalls().Count(), Is.EqualTo(2), "it is asked again later");
    }

    [Test]
    public async Task A_guest_that_suspended_on_this_host_is_ready_immediately_under_its_new_domid()
    {
        await _readiness.IsReadyAsync(Suspended(Saved), default);
        _readiness.Keep(new HashSet<(int, Guid)>());

        Assert.That(await _readiness.IsReadyAsync(Saved with { Domid = 4 }, default), Is.True);
    }

    [Test]
    public async Task A_guest_that_kept_running_after_a_save_is_not_ready_immediately_after_its_next_boot()
    {
        await _readiness.IsReadyAsync(Suspended(Saved), default);
        await _readiness.IsReadyAsync(Saved, default);

        Assert.That(await _readiness.IsReadyAsync(Saved with { Domid = 4 }, default), Is.False);
    }

    [Test]
    public async Task A_restored_guest_is_not_ready_immediately_after_its_next_boot()
    {
        await _readiness.IsReadyAsync(Suspended(Saved), default);
        await _readiness.IsReadyAsync(Saved with { Domid = 4 }, default);

        Assert.That(await _readiness.IsReadyAsync(Saved with { Domid = 5 }, default), Is.False);
    }

    [Test]
    public async Task A_reused_domid_is_another_guest()
    {
        await _store.WriteTextAsync("/local/domain/3/control/feature-poweroff", "1");
        await _readiness.IsReadyAsync(Record(), default);
        await _store.RemoveAsync("/local/domain/3");

        Assert.That(await _readiness.IsReadyAsync(Record() with { Handle = Guid.NewGuid() }, default), Is.False);
    }

    [Test]
    public async Task Dom0_is_never_booting() =>
        Assert.That(await _readiness.IsReadyAsync(Record() with { Domid = 0 }, default), Is.True);

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
