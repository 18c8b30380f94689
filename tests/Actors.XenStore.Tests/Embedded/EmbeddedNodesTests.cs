using Actors.XenStore.Embedded;

namespace Actors.XenStore.Tests.Embedded;

public sealed class EmbeddedNodesTests
{
    private IXenStore _dom0 = null!;
    private EmbeddedXenStore _store = null!;

    [SetUp]
    public void Open()
    {
        _store = new EmbeddedXenStore();
        _dom0 = _store.Connect(0);
    }

    [TearDown]
    public async Task Close() => await _dom0.DisposeAsync();

    [Test]
    public async Task A_new_store_holds_what_a_new_xenstored_does()
    {
        Assert.That(await _dom0.ListAsync("/"), Is.EqualTo(["tool"]));
        Assert.That(await _dom0.ListAsync("/tool"), Is.EqualTo(["xenstored"]));
        Assert.That((await _dom0.GetPermissionsAsync("/")).ToString(), Is.EqualTo("n0"));
    }

    [Test]
    public async Task A_write_makes_the_parents_and_is_read_back()
    {
        await _dom0.WriteTextAsync("/a/b/c", "v");

        Assert.That(await _dom0.ReadTextAsync("/a/b/c"), Is.EqualTo("v"));
        Assert.That(await _dom0.ReadAsync("/a/b"), Is.Empty);
    }

    [Test]
    public async Task A_value_may_hold_any_byte()
    {
        byte[] value = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];

        await _dom0.WriteAsync("/bytes", value);

        Assert.That(await _dom0.ReadAsync("/bytes"), Is.EqualTo(value));
    }

    [Test]
    public async Task What_was_handed_out_can_be_changed_without_changing_the_store()
    {
        byte[] value = [1, 2, 3];
        await _dom0.WriteAsync("/a", value);
        value[0] = 9;
        (await _dom0.ReadAsync("/a"))[1] = 9;

        Assert.That(await _dom0.ReadAsync("/a"), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [Test]
    public async Task A_relative_path_begins_at_the_connections_own_domain()
    {
        await _dom0.WriteTextAsync("name", "Domain-0");

        Assert.That(await _dom0.ReadTextAsync("/local/domain/0/name"), Is.EqualTo("Domain-0"));
    }

    [Test]
    public async Task Children_come_in_the_order_of_their_creation()
    {
        foreach (var name in new[] { "z", "a", "m", "b" })
            await _dom0.MakeDirectoryAsync($"/d/{name}");
        await _dom0.RemoveAsync("/d/a");
        await _dom0.MakeDirectoryAsync("/d/a");

        Assert.That(await _dom0.ListAsync("/d"), Is.EqualTo(["z", "m", "b", "a"]));
    }

    [Test]
    public async Task Ten_thousand_children_are_listed_and_removed()
    {
        for (var i = 0; i < 10_000; i++)
            await _dom0.MakeDirectoryAsync($"/many/child{i}");

        Assert.That(await _dom0.ListAsync("/many"), Has.Count.EqualTo(10_000));

        for (var i = 0; i < 10_000; i += 2)
            await _dom0.RemoveAsync($"/many/child{i}");

        Assert.That(await _dom0.ListAsync("/many"), Has.Count.EqualTo(5_000).And.No.Member("child0").And.Member("child9999"));
    }

    [Test]
    public async Task Making_a_directory_that_exists_keeps_its_value()
    {
        await _dom0.WriteTextAsync("/a", "v");
        await _dom0.MakeDirectoryAsync("/a");

        Assert.That(await _dom0.ReadTextAsync("/a"), Is.EqualTo("v"));
    }

    [Test]
    public async Task Removing_takes_everything_below()
    {
        await _dom0.WriteTextAsync("/a/b/c", "v");
        await _dom0.RemoveAsync("/a");

        Assert.That(await _dom0.TryReadAsync("/a/b/c"), Is.Null);
        Assert.That(await _dom0.TryReadAsync("/a"), Is.Null);
        Assert.That(await _dom0.ListAsync("/"), Is.EqualTo(["tool"]));
    }

    [Test]
    public async Task The_deepest_path_can_be_made_and_removed()
    {
        var deepest = string.Concat(Enumerable.Repeat("/d", 1024));
        await _dom0.WriteTextAsync(deepest, "v");
        Assert.That(await _dom0.ReadTextAsync(deepest), Is.EqualTo("v"));

        await _dom0.RemoveAsync("/d");
        Assert.That(await _dom0.ListAsync("/"), Is.EqualTo(["tool"]));
    }

    [Test]
    public async Task Removing_what_is_absent_is_no_error_if_its_parent_is_there()
    {
        await _dom0.RemoveAsync("/absent");

        Assert.That(() => _dom0.RemoveAsync("/absent/below").AsTask(), Fails.With(XenStoreError.NotFound));
    }

    [Test]
    public void The_root_cannot_be_removed() => Assert.That(() => _dom0.RemoveAsync("/").AsTask(), Fails.With(XenStoreError.Invalid));

    [Test]
    public async Task The_root_is_a_node_like_others()
    {
        await _dom0.WriteTextAsync("/", "root");

        Assert.That(await _dom0.ReadTextAsync("/"), Is.EqualTo("root"));
    }

    [TestCase("")]
    [TestCase("/a/")]
    [TestCase("/a//b")]
    [TestCase("/a b")]
    [TestCase("/a\0b")]
    [TestCase("/ä")]
    [TestCase("@introduceDomain")]
    public void A_path_that_cannot_be_a_nodes_is_invalid(string path) =>
        Assert.That(() => _dom0.WriteTextAsync(path, "v").AsTask(), Fails.With(XenStoreError.Invalid));

    [Test]
    public async Task A_path_has_2048_characters_beside_a_domains_home()
    {
        var longest = "/" + new string('x', 2047);
        await _dom0.WriteTextAsync(longest, "v");
        await _dom0.WriteTextAsync($"/local/domain/0{longest}", "v");

        Assert.That(() => _dom0.WriteTextAsync(longest + "x", "v").AsTask(), Fails.With(XenStoreError.Invalid));
        Assert.That(() => _dom0.WriteTextAsync("/local/domain/0" + longest + "xx", "v").AsTask(), Fails.With(XenStoreError.Invalid));
    }

    [Test]
    public async Task A_path_and_a_value_are_as_long_as_a_message_together()
    {
        await _dom0.WriteAsync("/a", new byte[4093]);

        Assert.That(() => _dom0.WriteAsync("/a", new byte[4094]).AsTask(), Fails.With(XenStoreError.TooBig));
    }

    [Test]
    public void An_error_says_what_was_asked() =>
        Assert.That(
            () => _dom0.ReadAsync("/absent").AsTask(),
            Throws.InstanceOf<XenStoreException>().With.Message.EqualTo("xenstore: read /absent: ENOENT"));

    [Test]
    public async Task A_cancelled_request_is_not_carried_out()
    {
        Assert.That(() => _dom0.WriteTextAsync("/a", "v", new CancellationToken(true)).AsTask(), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(await _dom0.TryReadAsync("/a"), Is.Null);
    }

    [Test]
    public async Task After_its_end_a_connection_answers_nothing()
    {
        await _dom0.DisposeAsync();

        Assert.That(() => _dom0.ReadAsync("/").AsTask(), Throws.InstanceOf<ObjectDisposedException>());
    }
}
