using Actors.XenStore.Embedded;

namespace Actors.XenStore.Tests.Embedded;

public sealed class TransactionTests
{
    private IXenStore _dom0 = null!;
    private IXenStore _other = null!;

    [SetUp]
    public void Open()
    {
        var store = new EmbeddedXenStore();
        (_dom0, _other) = (store.Connect(0), store.Connect(0));
    }

    [TearDown]
    public async Task Close()
    {
        await _dom0.DisposeAsync();
        await _other.DisposeAsync();
    }

    [Test]
    public async Task Changes_are_invisible_outside_before_the_commit_and_visible_after_it()
    {
        await using var transaction = await _dom0.BeginTransactionAsync();
        await transaction.WriteTextAsync("/a/b", "1");
        await transaction.RemoveAsync("/tool");

        Assert.That(await transaction.ReadTextAsync("/a/b"), Is.EqualTo("1"));
        Assert.That(await _dom0.ListAsync("/"), Is.EqualTo(["tool"]));

        Assert.That(await transaction.CommitAsync(), Is.True);
        Assert.That(await _dom0.ListAsync("/"), Is.EqualTo(["a"]));
        Assert.That(await _dom0.ReadTextAsync("/a/b"), Is.EqualTo("1"));
    }

    [Test]
    public async Task Disposing_a_transaction_changes_nothing()
    {
        await using (var transaction = await _dom0.BeginTransactionAsync())
            await transaction.WriteTextAsync("/a", "1");

        Assert.That(await _dom0.TryReadAsync("/a"), Is.Null);
    }

    [Test]
    public async Task A_commit_fails_if_a_node_that_was_read_was_written_outside_even_with_the_same_value()
    {
        await _dom0.WriteTextAsync("/a", "1");
        await using var transaction = await _dom0.BeginTransactionAsync();
        await transaction.ReadTextAsync("/a");
        await _other.WriteTextAsync("/a", "1");

        Assert.That(await transaction.CommitAsync(), Is.False);
    }

    [Test]
    public async Task A_commit_fails_if_a_missing_node_was_created_outside()
    {
        await using var transaction = await _dom0.BeginTransactionAsync();
        await transaction.TryReadAsync("/a");
        await _other.WriteTextAsync("/a", "1");

        Assert.That(await transaction.CommitAsync(), Is.False);
    }

    [Test]
    public async Task A_commit_fails_if_a_node_that_was_written_was_also_written_outside()
    {
        await _dom0.WriteTextAsync("/a", "1");
        await using var transaction = await _dom0.BeginTransactionAsync();
        await transaction.WriteTextAsync("/a", "2");
        await _other.WriteTextAsync("/a", "3");

        Assert.That(await transaction.CommitAsync(), Is.False);
        Assert.That(await _dom0.ReadTextAsync("/a"), Is.EqualTo("3"));
    }

    [Test]
    public async Task A_commit_succeeds_if_only_other_nodes_changed_outside()
    {
        await _dom0.WriteTextAsync("/a/x", "1");
        await using var transaction = await _dom0.BeginTransactionAsync();
        await transaction.WriteTextAsync("/a/x", "2");
        await _other.WriteTextAsync("/b", "3");

        Assert.That(await transaction.CommitAsync(), Is.True);
    }

    [Test]
    public async Task Two_transactions_that_create_children_of_one_node_cannot_both_commit()
    {
        await _dom0.MakeDirectoryAsync("/d");
        await using var first = await _dom0.BeginTransactionAsync();
        await using var second = await _other.BeginTransactionAsync();
        await first.WriteTextAsync("/d/1", "");
        await second.WriteTextAsync("/d/2", "");

        Assert.That(await first.CommitAsync(), Is.True);
        Assert.That(await second.CommitAsync(), Is.False);
        Assert.That(await _dom0.ListAsync("/d"), Is.EqualTo(["1"]));
    }

    [Test]
    public async Task A_transaction_keeps_seeing_the_value_that_it_read_first()
    {
        await _dom0.WriteTextAsync("/a", "1");
        await using var transaction = await _dom0.BeginTransactionAsync();
        await transaction.ReadTextAsync("/a");
        await _other.WriteTextAsync("/a", "2");

        Assert.That(await transaction.ReadTextAsync("/a"), Is.EqualTo("1"));
    }

    [Test]
    public async Task A_node_created_and_removed_in_a_transaction_leaves_nothing()
    {
        await using var transaction = await _dom0.BeginTransactionAsync();
        await transaction.WriteTextAsync("/a/b", "1");
        await transaction.RemoveAsync("/a");

        Assert.That(await transaction.CommitAsync(), Is.True);
        Assert.That(await _dom0.TryReadAsync("/a"), Is.Null);
    }

    [Test]
    public async Task Watches_fire_at_the_commit_once_for_each_node()
    {
        await using var queue = _other.OpenWatchQueue();
        await queue.AddAsync("/", "t");
        await queue.NextAsync();
        await using var transaction = await _dom0.BeginTransactionAsync();
        await transaction.WriteTextAsync("/a", "1");
        await transaction.WriteTextAsync("/a", "2");
        await transaction.WriteTextAsync("/b", "1");
        var next = queue.NextAsync().AsTask();
        Assert.That(next.IsCompleted, Is.False);

        await transaction.CommitAsync();

        Assert.That((await next).Path, Is.EqualTo("/a"));
        Assert.That((await queue.NextAsync()).Path, Is.EqualTo("/b"));
        Assert.That(queue.NextAsync().AsTask().IsCompleted, Is.False);
    }

    [Test]
    public async Task An_ended_transaction_rejects_requests()
    {
        var transaction = await _dom0.BeginTransactionAsync();
        await transaction.CommitAsync();

        Assert.That(() => transaction.ReadAsync("/").AsTask(), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => transaction.CommitAsync().AsTask(), Throws.InstanceOf<ObjectDisposedException>());
        await transaction.DisposeAsync();
    }
}
