using System.Text;
using Actors.Dispatch.State;
using Actors.Sdk;
using Actors.XenStore;
using Actors.XenStore.Embedded;

namespace Actors.Dispatch.Tests.State;

internal sealed class StateStoreTests
{
    private static readonly NodePermissions Readable = new(new(0, NodeAccess.None), new NodePermission(3, NodeAccess.Read));

    private static readonly StateKey State = new()
    {
        Outcome = "short",
        Actor = "balloon",
        Target = new Kib(1000),
        Footprint = new Kib(2000),
        Since = DateTimeOffset.UnixEpoch,
        Serial = 7,
        Reason = "/var/lib/xen has only 12 MiB left",
    };

    private EmbeddedXenStore _daemon = null!;
    private IXenStore _dom0 = null!;

    [SetUp]
    public async Task ConnectAsync()
    {
        _daemon = new EmbeddedXenStore();
        _dom0 = _daemon.Connect(0);
        await _dom0.IntroduceAsync(3, 1, 1);
        await _dom0.MakeDirectoryAsync("/local/domain/3/memory-policy");
        await _dom0.SetPermissionsAsync("/local/domain/3/memory-policy", Readable);
        await StateStore.ProtectAsync(_dom0, 3, default);
    }

    [TearDown]
    public async Task CloseAsync() => await _dom0.DisposeAsync();

    [Test]
    public async Task Dom0_reads_the_state_with_its_reason()
    {
        await StateStore.WriteAsync(_dom0, 3, State, null, default);

        Assert.That((await StateStore.TryReadAsync(_dom0, 3, default))! with { Engaged = State.Engaged }, Is.EqualTo(State));
    }

    [Test]
    public async Task The_guest_reads_the_outcome_and_the_numbers_but_not_the_reason()
    {
        await StateStore.WriteAsync(_dom0, 3, State, null, default);
        await using var guest = _daemon.Connect(3);

        Assert.That(await guest.ReadTextAsync("/local/domain/3/memory-policy/state"), Is.EqualTo(
            "outcome=short actor=balloon step=0 target=1000 footprint=2000 since=1970-01-01T00:00:00.000Z serial=7 via=- engaged=- reason=\"\""));
        await Assert.ThatAsync(async () => await guest.ReadTextAsync("/local/domain/3/memory-policy/reason"),
            Throws.TypeOf<XenStoreException>().With.Property(nameof(XenStoreException.Error)).EqualTo(XenStoreError.AccessDenied));
    }

    [Test]
    public async Task A_reason_that_the_guest_could_read_is_protected_again()
    {
        await _dom0.SetPermissionsAsync("/local/domain/3/memory-policy/reason", Readable);
        await StateStore.ProtectAsync(_dom0, 3, default);

        Assert.That((await _dom0.GetPermissionsAsync("/local/domain/3/memory-policy/reason")).ToString(), Is.EqualTo("n0"));
    }

    [Test]
    public async Task The_reason_is_written_only_when_it_changes()
    {
        await StateStore.WriteAsync(_dom0, 3, State, null, default);
        await _dom0.WriteTextAsync("/local/domain/3/memory-policy/reason", "untouched");
        await StateStore.WriteAsync(_dom0, 3, State with { Serial = 8 }, State, default);
        Assert.That(await _dom0.ReadTextAsync("/local/domain/3/memory-policy/reason"), Is.EqualTo("untouched"));

        await StateStore.WriteAsync(_dom0, 3, State with { Reason = "" }, State, default);
        Assert.That((await StateStore.TryReadAsync(_dom0, 3, default))!.Reason, Is.Empty);
    }

    [Test]
    public async Task A_state_that_an_older_daemon_wrote_keeps_its_reason()
    {
        await _dom0.WriteTextAsync("/local/domain/3/memory-policy/state", State.ToString());

        Assert.That((await StateStore.TryReadAsync(_dom0, 3, default))!.Reason, Is.EqualTo(State.Reason));
    }

    [Test]
    public async Task Without_a_state_there_is_none() => Assert.That(await StateStore.TryReadAsync(_dom0, 3, default), Is.Null);

    [TestCase("€")]
    [TestCase("\"")]
    public async Task The_longest_reason_fits(string letter)
    {
        await StateStore.WriteAsync(_dom0, 3, State with { Reason = string.Concat(Enumerable.Repeat(letter, 5000)) }, null, default);

        var reason = (await StateStore.TryReadAsync(_dom0, 3, default))!.Reason;
        Assert.That(Encoding.UTF8.GetByteCount(reason), Is.InRange(StoreText.MaxBytes - 3, StoreText.MaxBytes));
    }
}
