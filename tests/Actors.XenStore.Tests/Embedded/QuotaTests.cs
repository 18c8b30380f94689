using Actors.XenStore.Embedded;

namespace Actors.XenStore.Tests.Embedded;

public sealed class QuotaTests
{
    private IXenStore _dom0 = null!;
    private IXenStore _guest = null!;

    [SetUp]
    public async Task Open()
    {
        var store = new EmbeddedXenStore();
        _dom0 = store.Connect(0);
        await _dom0.IntroduceAsync(7, 1, 1);
        await _dom0.MakeDirectoryAsync("/local/domain/7");
        await _dom0.SetPermissionsAsync("/local/domain/7", new NodePermissions(new NodePermission(7, NodeAccess.None)));
        _guest = store.Connect(7);
    }

    [TearDown]
    public async Task Close()
    {
        await _guest.DisposeAsync();
        await _dom0.DisposeAsync();
    }

    [Test]
    public async Task A_guest_can_own_a_thousand_nodes_and_no_more()
    {
        // The home counts too. Ten directories keep the list of children of each node short.
        for (var i = 0; i < 999; i++)
            await _guest.MakeDirectoryAsync(i < 10 ? $"d{i}" : $"d{i % 10}/n{i}");

        Assert.That(() => _guest.MakeDirectoryAsync("d0/more").AsTask(), Fails.With(XenStoreError.NoSpace));
        await _guest.WriteTextAsync("d1", "an existing node can be written");
        await _guest.RemoveAsync("d0");
        await _guest.MakeDirectoryAsync("d0/again");
    }

    [Test]
    public async Task A_write_that_creates_several_nodes_creates_all_or_none()
    {
        for (var i = 0; i < 995; i++)
            await _guest.MakeDirectoryAsync(i < 10 ? $"d{i}" : $"d{i % 10}/n{i}");

        Assert.That(() => _guest.WriteTextAsync("deep/a/b/c/d", "").AsTask(), Fails.With(XenStoreError.NoSpace));
        Assert.That(await _guest.TryReadAsync("deep"), Is.Null);
        await _guest.WriteTextAsync("deep/a/b/c", "");
    }

    [Test]
    public async Task The_value_names_and_permissions_of_a_guests_node_have_less_than_2_KiB()
    {
        await _guest.WriteAsync("v", new byte[2015]);

        Assert.That(() => _guest.WriteAsync("v", new byte[2016]).AsTask(), Fails.With(XenStoreError.NoSpace));
        Assert.That(() => _guest.WriteAsync("new", new byte[2016]).AsTask(), Fails.With(XenStoreError.NoSpace));
        await _dom0.WriteAsync("/v", new byte[4000]);
    }

    [Test]
    public async Task The_children_of_a_guests_node_are_limited_by_its_size()
    {
        var made = 0;
        while (made < 999 && await Made($"dir/n{made:000}"))
            made++;

        Assert.That(made, Is.EqualTo(403), "5 bytes each in 2047 less 32");
    }

    [Test]
    public async Task A_guest_can_have_129_watches()
    {
        await using var queue = _guest.OpenWatchQueue();
        await using var second = _guest.OpenWatchQueue();
        for (var i = 0; i < 129; i++)
            await (i % 2 == 0 ? queue : second).AddAsync("a", $"t{i}");

        Assert.That(() => queue.AddAsync("a", "more").AsTask(), Fails.With(XenStoreError.TooBig));
        await queue.RemoveAsync("a", "t0");
        await queue.AddAsync("a", "more");
    }

    [Test]
    public async Task A_guest_can_have_11_transactions()
    {
        var first = await _guest.BeginTransactionAsync();
        for (var i = 1; i < 11; i++)
            await _guest.BeginTransactionAsync();

        Assert.That(() => _guest.BeginTransactionAsync().AsTask(), Fails.With(XenStoreError.NoSpace));
        await first.DisposeAsync();
        await _guest.BeginTransactionAsync();
    }

    [Test]
    public async Task A_guests_transaction_can_access_1024_nodes()
    {
        await using var transaction = await _guest.BeginTransactionAsync();
        for (var i = 0; i < 1023; i++)
            await transaction.TryReadAsync($"n{i}");

        Assert.That(() => transaction.TryReadAsync("more").AsTask(), Fails.With(XenStoreError.NoSpace));
        Assert.That(() => transaction.CommitAsync().AsTask(), Fails.With(XenStoreError.OutOfMemory));
    }

    [Test]
    public async Task A_guests_transaction_cannot_bypass_the_quota_of_nodes()
    {
        await using var transaction = await _guest.BeginTransactionAsync();
        for (var i = 0; i < 999; i++)
            await transaction.MakeDirectoryAsync(i < 10 ? $"d{i}" : $"d{i % 10}/n{i}");

        Assert.That(() => transaction.CommitAsync().AsTask(), Fails.With(XenStoreError.NoSpace));
        Assert.That(await _guest.ListAsync("/local/domain/7"), Is.Empty);
    }

    [Test]
    public async Task A_guest_at_its_quota_of_nodes_can_commit_the_rest_of_its_transaction()
    {
        for (var i = 0; i < 999; i++)
            await _guest.MakeDirectoryAsync(i < 10 ? $"d{i}" : $"d{i % 10}/n{i}");
        await using var transaction = await _guest.BeginTransactionAsync();
        await transaction.WriteTextAsync("d1", "kept");

        Assert.That(() => transaction.MakeDirectoryAsync("d0/more").AsTask(), Fails.With(XenStoreError.NoSpace));
        await transaction.WriteTextAsync("d2", "kept too");
        Assert.That(await transaction.CommitAsync(), Is.True);

        Assert.That((await _guest.ReadTextAsync("d1"), await _guest.ReadTextAsync("d2")), Is.EqualTo(("kept", "kept too")));
    }

    [Test]
    public async Task A_guest_with_a_too_large_node_in_its_transaction_cannot_commit()
    {
        await using var transaction = await _guest.BeginTransactionAsync();
        Assert.That(() => transaction.WriteAsync("big", new byte[2048]).AsTask(), Fails.With(XenStoreError.NoSpace));
        await transaction.WriteTextAsync("small", "v");

        Assert.That(() => transaction.CommitAsync().AsTask(), Fails.With(XenStoreError.OutOfMemory));
    }

    [Test]
    public async Task A_guest_can_use_2621440_bytes_of_memory_and_no_more()
    {
        // A node counts with its path, 24 bytes, 8 bytes for each permission, its value and the names of its children.
        var value = new byte[1900];
        var folder = string.Join('/', Enumerable.Repeat(new string('p', 199), 10));
        var written = 0;
        try
        {
            for (; written < 900; written++)
                await _guest.WriteAsync($"{folder}/{written % 10}/{written:000}", value);
        }
        catch (XenStoreException full) when (full.Error == XenStoreError.OutOfMemory)
        {
        }

        Assert.That(written, Is.EqualTo((2_621_440 - 48_000) / (2021 + 32 + 1900 + 4)).Within(5));
        Assert.That(() => _guest.WriteAsync($"{folder}/5/more", value).AsTask(), Fails.With(XenStoreError.OutOfMemory));
        await _guest.RemoveAsync($"{folder}/0");
        await _guest.WriteAsync("more", new byte[2000]);
    }

    [Test]
    public async Task The_watches_and_open_transactions_of_a_guest_count_against_its_memory()
    {
        await using var queue = _guest.OpenWatchQueue();
        for (var i = 0; i < 128; i++)
            await queue.AddAsync($"w{i}", new string('t', 20_000));

        Assert.That(() => queue.AddAsync("w", new string('t', 65_000)).AsTask(), Fails.With(XenStoreError.OutOfMemory));
        await queue.RemoveAsync("w0", new string('t', 20_000));
        await queue.RemoveAsync("w1", new string('t', 20_000));
        await queue.RemoveAsync("w2", new string('t', 20_000));
        await queue.RemoveAsync("w3", new string('t', 20_000));
        await queue.AddAsync("w", new string('t', 65_000));

        await using var transaction = await _guest.BeginTransactionAsync();
        var accepted = 0;
        try
        {
            for (; accepted < 100; accepted++)
                await transaction.WriteAsync($"n{accepted}", new byte[1900]);
        }
        catch (XenStoreException full) when (full.Error == XenStoreError.OutOfMemory)
        {
        }
        Assert.That(accepted, Is.LessThan(40));
        Assert.That(() => transaction.CommitAsync().AsTask(), Fails.With(XenStoreError.OutOfMemory));
        await _guest.WriteAsync("n", new byte[1900]);
    }

    [Test]
    public async Task Dom0_has_no_memory_quota()
    {
        for (var i = 0; i < 1000; i++)
            await _dom0.WriteAsync($"/big/{i}", new byte[4000]);

        Assert.That(await _dom0.ListAsync("/big"), Has.Count.EqualTo(1000));
    }

    [Test]
    public void A_guests_node_can_have_5_permissions() =>
        Assert.That(
            () => _guest.SetPermissionsAsync(
                "/local/domain/7", new NodePermissions([.. Enumerable.Repeat(new NodePermission(7, NodeAccess.None), 6)])).AsTask(),
            Fails.With(XenStoreError.NoSpace));

    private async Task<bool> Made(string path)
    {
        try
        {
            await _guest.MakeDirectoryAsync(path);
            return true;
        }
        catch (XenStoreException full) when (full.Error == XenStoreError.NoSpace)
        {
            return false;
        }
    }
}
