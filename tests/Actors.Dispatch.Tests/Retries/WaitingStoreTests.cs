using Actors.Dispatch.Domains;
using Actors.Dispatch.Retries;
using Actors.Sdk;
using Actors.XenStore;
using Actors.XenStore.Embedded;

namespace Actors.Dispatch.Tests.Retries;

internal sealed class WaitingStoreTests
{
    private const string Key = "/local/domain/3/memory-policy/waiting";

    private static readonly Waiting Waiting = new(Kib.FromGiB(2), Lack.OfHostMemory(Kib.FromGiB(1)), DateTimeOffset.UnixEpoch) { Last = DateTimeOffset.UnixEpoch };

    private EmbeddedXenStore _daemon = null!;
    private IXenStore _dom0 = null!;

    [SetUp]
    public async Task ConnectAsync()
    {
        _daemon = new EmbeddedXenStore();
        _dom0 = _daemon.Connect(0);
        await _dom0.IntroduceAsync(3, 1, 1);
        await _dom0.MakeDirectoryAsync("/local/domain/3/memory-policy");
        await _dom0.SetPermissionsAsync("/local/domain/3/memory-policy", new NodePermissions(new(0, NodeAccess.None), new NodePermission(3, NodeAccess.Read)));
    }

    [TearDown]
    public async Task CloseAsync() => await _dom0.DisposeAsync();

    [Test]
    public async Task What_a_domain_waits_for_is_read_back()
    {
        await WaitingStore.WriteAsync(_dom0, 3, Waiting, null, default);
        var next = Waiting with { Attempts = 1 };
        await WaitingStore.WriteAsync(_dom0, 3, next, Waiting, default);

        Assert.That(await WaitingStore.TryReadAsync(_dom0, 3, default), Is.EqualTo(next));
    }

    [Test]
    public async Task The_guest_cannot_read_it()
    {
        await WaitingStore.WriteAsync(_dom0, 3, Waiting, null, default);
        await using var guest = _daemon.Connect(3);

        await Assert.ThatAsync(async () => await guest.ReadTextAsync(Key),
            Throws.TypeOf<XenStoreException>().With.Property(nameof(XenStoreException.Error)).EqualTo(XenStoreError.AccessDenied));
    }

    [Test]
    public async Task The_key_exists_only_while_the_domain_waits()
    {
        await WaitingStore.WriteAsync(_dom0, 3, null, null, default);
        Assert.That(await _dom0.TryReadTextAsync(Key), Is.Null);
        await WaitingStore.WriteAsync(_dom0, 3, Waiting, null, default);
        await WaitingStore.WriteAsync(_dom0, 3, null, Waiting, default);

        Assert.That(await _dom0.TryReadTextAsync(Key), Is.Null);
        Assert.That(await WaitingStore.TryReadAsync(_dom0, 3, default), Is.Null);
    }

    [Test]
    public void Actors_cannot_write_it() => Assert.That(PolicyKeys.IsReserved("memory-policy/waiting"));
}
