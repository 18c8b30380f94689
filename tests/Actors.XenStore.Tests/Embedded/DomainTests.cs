using Actors.XenStore.Embedded;

namespace Actors.XenStore.Tests.Embedded;

public sealed class DomainTests
{
    private EmbeddedXenStore _store = null!;
    private IXenStore _dom0 = null!;

    [SetUp]
    public void Open()
    {
        _store = new EmbeddedXenStore();
        _dom0 = _store.Connect(0);
    }

    [TearDown]
    public async Task Close() => await _dom0.DisposeAsync();

    [Test]
    public async Task A_domain_is_introduced_until_it_is_released()
    {
        Assert.That((_store.IsIntroduced(0), _store.IsIntroduced(7)), Is.EqualTo((true, false)));
        await _dom0.IntroduceAsync(7, 1, 1);
        Assert.That(_store.IsIntroduced(7), Is.True);
        await _dom0.ReleaseAsync(7);
        Assert.That(_store.IsIntroduced(7), Is.False);
        Assert.That(() => _dom0.ReleaseAsync(7).AsTask(), Fails.With(XenStoreError.NotFound));
    }

    [Test]
    public void Dom0_is_never_released() => Assert.That(() => _dom0.ReleaseAsync(0).AsTask(), Fails.With(XenStoreError.Invalid));

    [Test]
    public void A_domain_without_an_event_channel_cannot_be_introduced() =>
        Assert.That(() => _dom0.IntroduceAsync(7, 1, 0).AsTask(), Fails.With(XenStoreError.Invalid));

    [Test]
    public async Task Releasing_a_domain_removes_its_nodes_and_ends_its_connections()
    {
        await _dom0.IntroduceAsync(7, 1, 1);
        await _dom0.WriteTextAsync("/local/domain/7/name", "web");
        await _dom0.WriteTextAsync("/local/domain/7/data/by0", "in a node of the guest");
        await _dom0.SetPermissionsAsync("/local/domain/7/data", new NodePermissions(new NodePermission(7, NodeAccess.None)));
        await using var guest = _store.Connect(7);
        var next = guest.OpenWatchQueue().NextAsync().AsTask();

        await _dom0.ReleaseAsync(7);

        Assert.That(await _dom0.ListAsync("/local/domain/7"), Is.EqualTo(["name"]));
        Assert.That(() => guest.ReadAsync("name").AsTask(), Throws.InstanceOf<ObjectDisposedException>().With.Message.Contains("released"));
        Assert.That(() => next, Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public async Task A_second_introduction_removes_the_watches_and_transactions_of_a_domain()
    {
        await _dom0.IntroduceAsync(7, 1, 1);
        await using var guest = _store.Connect(7);
        var transaction = await guest.BeginTransactionAsync();

        await _dom0.IntroduceAsync(7, 1, 2);

        Assert.That(() => transaction.CommitAsync().AsTask(), Fails.With(XenStoreError.NotFound));
    }

    [Test]
    public async Task Many_threads_can_use_one_store()
    {
        await _dom0.WriteTextAsync("/n", "0");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            await using var connection = _store.Connect(0);
            for (var i = 0; i < 200; i++)
                await Increment(connection);
        })));

        Assert.That(await _dom0.ReadTextAsync("/n"), Is.EqualTo("1600"));
    }

    private static async Task Increment(IXenStore connection)
    {
        while (true)
        {
            await using var transaction = await connection.BeginTransactionAsync();
            var value = int.Parse(await transaction.ReadTextAsync("/n"), System.Globalization.CultureInfo.InvariantCulture);
            await transaction.WriteTextAsync("/n", $"{value + 1}");
            if (await transaction.CommitAsync())
                return;
        }
    }
}
