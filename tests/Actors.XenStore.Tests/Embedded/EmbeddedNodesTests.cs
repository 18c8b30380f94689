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
    public async Task A_new_store_has_the_nodes_of_a_new_xenstored()
    {
        Assert.That(await _dom0.ListAsync("/"), Is.EqualTo(["tool"]));
        Assert.That(await _dom0.ListAsync("/tool"), Is.EqualTo(["xenstored"]));
        Assert.That((await _dom0.GetPermissionsAsync("/")).ToString(), Is.EqualTo("n0"));
    }

    [Test]
    public async Task A_write_creates_the_parents_and_is_read_back()
    {
        await _dom0.WriteTextAsync("/a/b/c", "v");

        Assert.That(await _dom0.ReadTextAsync("/a/b/c"), Is.EqualTo("v"));
        Assert.That(await _dom0.ReadAsync("/a/b"), Is.Empty);
    }

    [Test]
    public async Task A_value_can_contain_any_byte()
    {
        byte[] value = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];

        await _dom0.WriteAsync("/bytes", value);

        Assert.That(await _dom0.ReadAsync("/bytes"), Is.EqualTo(value));
    }

    [Test]
    public async Task A_caller_can_change_a_returned_array_without_changing_the_store()
    {
        byte[] value = [1, 2, 3];
        await _dom0.WriteAsync("/a", value);
        value[0] = 9;
        (await _dom0.ReadAsync("/a"))[1] = 9;

        Assert.That(await _dom0.ReadAsync("/a"), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [Test]
    public async Task A_relative_path_starts_at_the_home_of_the_connections_domain()
    {
        await _dom0.WriteTextAsync("name", "Domain-0");

        Assert.That(await _dom0.ReadTextAsync("/local/domain/0/name"), Is.EqualTo("Domain-0"));
    }

    [Test]
    public async Task Children_are_listed_in_order_of_creation()
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
    public async Task Creating_a_directory_that_exists_keeps_its_value()
    {
        await _dom0.WriteTextAsync("/a", "v");
        await _dom0.MakeDirectoryAsync("/a");

        Assert.That(await _dom0.ReadTextAsync("/a"), Is.EqualTo("v"));
    }

    [Test]
    public async Task Removing_a_node_removes_everything_below_it()
    {
        await _dom0.WriteTextAsync("/a/b/c", "v");
        await _dom0.RemoveAsync("/a");

        Assert.That(await _dom0.TryReadAsync("/a/b/c"), Is.Null);
        Assert.That(await _dom0.TryReadAsync("/a"), Is.Null);
        Assert.That(await _dom0.ListAsync("/"), Is.EqualTo(["tool"]));
    }

    [Test]
    public async Task The_deepest_path_can_be_created_and_removed()
    {
        var deepest = string.Concat(Enumerable.Repeat("/d", 1024));
        await _dom0.WriteTextAsync(deepest, "v");
        Assert.That(await _dom0.ReadTextAsync(deepest), Is.EqualTo("v"));

        await _dom0.RemoveAsync("/d");
        Assert.That(await _dom0.ListAsync("/"), Is.EqualTo(["tool"]));
    }

    [Test]
    public async Task Removing_a_missing_node_is_no_error_if_its_parent_exists()
    {
        await _dom0.RemoveAsync("/absent");

        Assert.That(() => _dom0.RemoveAsync("/absent/below").AsTask(), Fails.With(XenStoreError.NotFound));
    }

    [Test]
    public void The_root_cannot_be_removed() => Assert.That(() => _dom0.RemoveAsync("/").AsTask(), Fails.With(XenStoreError.Invalid));

    [Test]
    public async Task The_root_can_be_read_and_written()
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
    public void An_invalid_path_is_rejected(string path) =>
        Assert.That(() => _dom0.WriteTextAsync(path, "v").AsTask(), Fails.With(XenStoreError.Invalid));

    [Test]
    public async Task A_path_can_have_2048_characters_after_a_domains_home()
    {
        var longest = "/" + new string('x', 2047);
        await _dom0.WriteTextAsync(longest, "v");
        await _dom0.WriteTextAsync($"/local/domain/0{longest}", "v");

        Assert.That(() => _dom0.WriteTextAsync(longest + "x", "v").AsTask(), Fails.With(XenStoreError.Invalid));
        Assert.That(() => _dom0.WriteTextAsync("/local/domain/0" + longest + "xx", "v").AsTask(), Fails.With(XenStoreError.Invalid));
    }

    [Test]
    public async Task A_path_and_a_value_must_fit_in_one_message()
    {
        await _dom0.WriteAsync("/a", new byte[4093]);

        Assert.That(() => _dom0.WriteAsync("/a", new byte[4094]).AsTask(), Fails.With(XenStoreError.TooBig));
    }

    [Test]
    public void An_error_names_the_operation_and_the_path() =>
        Assert.That(
            () => _dom0.ReadAsync("/absent").AsTask(),
            Throws.InstanceOf<XenStoreException>().With.Message.EqualTo("xenstore: read /absent: ENOENT"));

    [Test]
    public async Task A_cancelled_request_is_not_executed()
    {
        Assert.That(() => _dom0.WriteTextAsync("/a", "v", new CancellationToken(true)).AsTask(), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(await _dom0.TryReadAsync("/a"), Is.Null);
    }

    [Test]
    public async Task A_disposed_connection_rejects_requests()
    {
        await _dom0.DisposeAsync();

        Assert.That(() => _dom0.ReadAsync("/").AsTask(), Throws.InstanceOf<ObjectDisposedException>());
    }
}
