using Actors.XenStore.Embedded;
using Actors.XenStore.Server;

namespace Actors.XenStore.Tests;

/// <summary>The contract of <see cref="IXenStore"/>, which the client and the embedded store must both keep, down to the exceptions.</summary>
[TestFixture(true)]
[TestFixture(false)]
public sealed class ContractTests(bool isClient)
{
    private string _directory = null!;
    private XenStoreServer _server = null!;
    private IXenStore _store = null!;

    [SetUp]
    public async Task OpenAsync()
    {
        _directory = Directory.CreateTempSubdirectory("xs").FullName;
        var embedded = new EmbeddedXenStore(domid => domid < 10);
        _server = XenStoreServer.Listen(embedded, Path.Combine(_directory, "socket"));
        _store = isClient ? await XenStoreClient.ConnectAsync(XenStoreEndpoint.Socket(_server.SocketPath)) : embedded.Connect(0);
    }

    [TearDown]
    public async Task CloseAsync()
    {
        await _store.DisposeAsync();
        await _server.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Test]
    public async Task A_null_argument_is_an_ArgumentNullException_everywhere()
    {
        await using var transaction = await _store.BeginTransactionAsync();
        foreach (var nodes in new IXenStoreNodes[] { _store, transaction })
        {
            AssertNull(() => nodes.ReadAsync(null!).AsTask());
            AssertNull(() => nodes.TryReadAsync(null!).AsTask());
            AssertNull(() => nodes.WriteAsync(null!, default).AsTask());
            AssertNull(() => nodes.WriteTextAsync("/a", null!).AsTask());
            AssertNull(() => nodes.MakeDirectoryAsync(null!).AsTask());
            AssertNull(() => nodes.RemoveAsync(null!).AsTask());
            AssertNull(() => nodes.ListAsync(null!).AsTask());
            AssertNull(() => nodes.GetPermissionsAsync(null!).AsTask());
            AssertNull(() => nodes.TryGetPermissionsAsync(null!).AsTask());
            AssertNull(() => nodes.SetPermissionsAsync(null!, Permissions(0, NodeAccess.None)).AsTask());
            AssertNull(() => nodes.SetPermissionsAsync("/a", null!).AsTask());
        }
        await using var queue = _store.OpenWatchQueue();
        AssertNull(() => queue.AddAsync(null!, "t").AsTask());
        AssertNull(() => queue.AddAsync("/a", null!).AsTask());
        AssertNull(() => queue.RemoveAsync(null!, "t").AsTask());
        AssertNull(() => queue.RemoveAsync("/a", null!).AsTask());
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_finished_transaction_is_an_ObjectDisposedException_everywhere(bool isCommitted)
    {
        var transaction = await _store.BeginTransactionAsync();
        if (isCommitted)
            Assert.That(await transaction.CommitAsync(), Is.True);
        else
            await transaction.DisposeAsync();

        AssertDisposed(() => transaction.ReadAsync("/tool").AsTask());
        AssertDisposed(() => transaction.TryReadAsync("/tool").AsTask());
        AssertDisposed(() => transaction.WriteTextAsync("/a", "").AsTask());
        AssertDisposed(() => transaction.MakeDirectoryAsync("/a").AsTask());
        AssertDisposed(() => transaction.RemoveAsync("/a").AsTask());
        AssertDisposed(() => transaction.ListAsync("/tool").AsTask());
        AssertDisposed(() => transaction.GetPermissionsAsync("/tool").AsTask());
        AssertDisposed(() => transaction.SetPermissionsAsync("/tool", Permissions(0, NodeAccess.None)).AsTask());
        AssertDisposed(() => transaction.CommitAsync().AsTask());
        await transaction.DisposeAsync();
    }

    [TestCase(-1, NodeAccess.Read)]
    [TestCase(65536, NodeAccess.Read)]
    [TestCase(int.MaxValue, NodeAccess.Read)]
    [TestCase(int.MinValue, NodeAccess.None)]
    [TestCase(3, (NodeAccess)4)]
    [TestCase(3, (NodeAccess)(-1))]
    public async Task A_bad_permission_is_rejected_as_invalid(int domid, NodeAccess access)
    {
        var permissions = new NodePermissions(new NodePermission(0, NodeAccess.None), new NodePermission(domid, access));
        await using var transaction = await _store.BeginTransactionAsync();

        AssertFails(() => _store.SetPermissionsAsync("/tool", permissions).AsTask(), XenStoreError.Invalid);
        AssertFails(() => _store.SetPermissionsAsync("/tool", Permissions(domid, access)).AsTask(), XenStoreError.Invalid);
        AssertFails(() => transaction.SetPermissionsAsync("/tool", permissions).AsTask(), XenStoreError.Invalid);
        Assert.That($"{await _store.GetPermissionsAsync("/tool")}", Is.EqualTo("n0"));
    }

    [TestCase(-1)]
    [TestCase(65536)]
    [TestCase(int.MinValue)]
    public void A_bad_domid_is_rejected_as_invalid(int domid)
    {
        AssertFails(() => _store.IntroduceAsync(domid, 1, 1).AsTask(), XenStoreError.Invalid);
        AssertFails(() => _store.ReleaseAsync(domid).AsTask(), XenStoreError.Invalid);
        AssertFails(() => _store.ResumeAsync(domid).AsTask(), XenStoreError.Invalid);
        AssertFails(() => _store.SetTargetAsync(domid, 3).AsTask(), XenStoreError.Invalid);
        AssertFails(() => _store.SetTargetAsync(3, domid).AsTask(), XenStoreError.Invalid);
        AssertFails(() => _store.IsDomainIntroducedAsync(domid).AsTask(), XenStoreError.Invalid);
        AssertFails(() => _store.GetDomainPathAsync(domid).AsTask(), XenStoreError.Invalid);
    }

    [TestCase("", XenStoreError.Invalid)]
    [TestCase("/a b", XenStoreError.Invalid)]
    [TestCase("/a\0b", XenStoreError.Invalid)]
    [TestCase("/\u00e4", XenStoreError.Invalid)]
    [TestCase("/a//b", XenStoreError.Invalid)]
    [TestCase("/a/", XenStoreError.Invalid)]
    public void A_bad_path_is_rejected(string path, XenStoreError error)
    {
        AssertFails(() => _store.ReadAsync(path).AsTask(), error);
        AssertFails(() => _store.TryReadAsync(path).AsTask(), error);
        AssertFails(() => _store.WriteTextAsync(path, "v").AsTask(), error);
        AssertFails(() => _store.ListAsync(path).AsTask(), error);
        AssertFails(() => _store.RemoveAsync(path).AsTask(), error);
        AssertFails(() => _store.GetPermissionsAsync(path).AsTask(), error);
    }

    [Test]
    public async Task A_path_or_value_that_fits_in_no_message_is_too_big()
    {
        var path = "/" + new string('x', 4095);
        await using var queue = _store.OpenWatchQueue();

        AssertFails(() => _store.ReadAsync(path).AsTask(), XenStoreError.TooBig);
        AssertFails(() => _store.MakeDirectoryAsync(path).AsTask(), XenStoreError.TooBig);
        AssertFails(() => _store.WriteAsync("/a", new byte[4094]).AsTask(), XenStoreError.TooBig);
        AssertFails(() => queue.AddAsync(path, "t").AsTask(), XenStoreError.TooBig);
    }

    [Test]
    public async Task A_domain_is_introduced_resumed_targeted_and_released()
    {
        Assert.That(await _store.IsDomainIntroducedAsync(3), Is.False);
        AssertFails(() => _store.ResumeAsync(3).AsTask(), XenStoreError.NotFound);
        AssertFails(() => _store.SetTargetAsync(3, 0).AsTask(), XenStoreError.NotFound);
        await _store.IntroduceAsync(3, 1, 1);
        Assert.That(await _store.IsDomainIntroducedAsync(3), Is.True);
        await _store.ResumeAsync(3);
        await _store.SetTargetAsync(3, 0);
        Assert.That(await _store.GetDomainPathAsync(3), Is.EqualTo("/local/domain/3"));
        await _store.ReleaseAsync(3);
        Assert.That(await _store.IsDomainIntroducedAsync(3), Is.False);
        AssertFails(() => _store.ReleaseAsync(3).AsTask(), XenStoreError.NotFound);
        AssertFails(() => _store.ReleaseAsync(0).AsTask(), XenStoreError.Invalid);
        AssertFails(() => _store.ResumeAsync(0).AsTask(), XenStoreError.Invalid);
    }

    [Test]
    public async Task A_reset_removes_all_watches_and_aborts_the_transactions()
    {
        await using var first = _store.OpenWatchQueue();
        await using var second = _store.OpenWatchQueue();
        await first.AddAsync("/a", "t");
        await second.AddAsync("/a", "t");
        await using var transaction = await _store.BeginTransactionAsync();
        await transaction.WriteTextAsync("/b", "v");

        await _store.ResetWatchesAsync();

        AssertFails(() => first.RemoveAsync("/a", "t").AsTask(), XenStoreError.NotFound);
        AssertFails(() => second.RemoveAsync("/a", "t").AsTask(), XenStoreError.NotFound);
        AssertFails(() => transaction.CommitAsync().AsTask(), XenStoreError.NotFound);
        await first.AddAsync("/a", "again");
        Assert.That((await first.NextAsync()).Token, Is.EqualTo("again"));
        Assert.That(await _store.TryReadAsync("/b"), Is.Null);
    }

    [Test]
    public async Task A_disposed_store_is_an_ObjectDisposedException_everywhere()
    {
        var queue = _store.OpenWatchQueue();
        await _store.DisposeAsync();
        await _store.DisposeAsync();

        AssertDisposed(() => _store.ReadAsync("/tool").AsTask());
        AssertDisposed(() => _store.WriteTextAsync("/a", "v").AsTask());
        AssertDisposed(() => _store.BeginTransactionAsync().AsTask());
        AssertDisposed(() => _store.IntroduceAsync(3, 1, 1).AsTask());
        AssertDisposed(() => _store.IsDomainIntroducedAsync(3).AsTask());
        AssertDisposed(() => _store.GetDomainPathAsync(3).AsTask());
        AssertDisposed(() => _store.ResetWatchesAsync().AsTask());
        AssertDisposed(() => Task.FromResult(_store.OpenWatchQueue()));
        AssertDisposed(() => queue.AddAsync("/a", "t").AsTask());
        AssertDisposed(() => queue.RemoveAsync("/a", "t").AsTask());
        AssertDisposed(() => queue.NextAsync().AsTask());
        await queue.DisposeAsync();
    }

    [Test]
    public async Task A_cancelled_call_is_an_OperationCanceledException_and_does_nothing()
    {
        var cancelled = new CancellationToken(canceled: true);
        await using var queue = _store.OpenWatchQueue();
        await queue.AddAsync("/q", "t");
        await using var transaction = await _store.BeginTransactionAsync();
        await transaction.WriteTextAsync("/t", "v");

        AssertCancelled(() => _store.WriteTextAsync("/a", "v", cancelled).AsTask());
        AssertCancelled(() => _store.BeginTransactionAsync(cancelled).AsTask());
        AssertCancelled(() => _store.IntroduceAsync(3, 1, 1, cancelled).AsTask());
        AssertCancelled(() => queue.AddAsync("/a", "t", cancelled).AsTask());
        AssertCancelled(() => queue.RemoveAsync("/q", "t", cancelled).AsTask());
        AssertCancelled(() => queue.NextAsync(cancelled).AsTask());
        AssertCancelled(() => transaction.CommitAsync(cancelled).AsTask());

        Assert.That(await _store.TryReadAsync("/a"), Is.Null);
        Assert.That((await queue.NextAsync()).Path, Is.EqualTo("/q"));
        Assert.That(await transaction.CommitAsync(), Is.True);
    }

    [Test]
    public async Task The_events_of_a_queue_can_be_enumerated()
    {
        var queue = _store.OpenWatchQueue();
        await queue.AddAsync("/a", "t");
        var paths = new List<string>();
        await foreach (var watchEvent in queue.ReadAllAsync())
        {
            paths.Add(watchEvent.Path);
            if (paths.Count == 1)
                await _store.WriteTextAsync("/a/b", "v");
            else
                await queue.DisposeAsync();
        }

        Assert.That(paths, Is.EqualTo(["/a", "/a/b"]));
    }

    [Test]
    public async Task The_changes_of_domains_say_which_domain_appeared_or_disappeared()
    {
        await AddDomainAsync(3);
        await AddDomainAsync(5);
        using var cancellation = new CancellationTokenSource();
        await using var changes = _store.WatchDomainsAsync(cancellation.Token).GetAsyncEnumerator();

        Assert.That(await NextAsync(), Is.EqualTo(new DomainChange(3, true)));
        Assert.That(await NextAsync(), Is.EqualTo(new DomainChange(5, true)));
        await AddDomainAsync(4);
        Assert.That(await NextAsync(), Is.EqualTo(new DomainChange(4, true)));
        await _store.ReleaseAsync(3);
        Assert.That(await NextAsync(), Is.EqualTo(new DomainChange(3, false)));
        cancellation.Cancel();
        Assert.That(async () => await changes.MoveNextAsync(), Throws.InstanceOf<OperationCanceledException>());

        async Task<DomainChange> NextAsync()
        {
            await changes.MoveNextAsync();
            return changes.Current;
        }

        async Task AddDomainAsync(int domid)
        {
            await _store.MakeDirectoryAsync($"/local/domain/{domid}");
            await _store.IntroduceAsync(domid, 1, 1);
        }
    }

    private static NodePermissions Permissions(int domid, NodeAccess access) => new(new NodePermission(domid, access));

    private static void AssertNull(Func<Task> call) => Assert.That(async () => await call(), Throws.ArgumentNullException);

    private static void AssertDisposed(Func<Task> call) => Assert.That(async () => await call(), Throws.InstanceOf<ObjectDisposedException>());

    private static void AssertCancelled(Func<Task> call) => Assert.That(async () => await call(), Throws.InstanceOf<OperationCanceledException>());

    private static void AssertFails(Func<Task> call, XenStoreError error) => Assert.That(async () => await call(), Fails.With(error));
}
