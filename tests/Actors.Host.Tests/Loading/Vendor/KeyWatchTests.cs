using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Host.Tests.Loading.Vendor;

/// <summary>An actor watches keys of its domain instead of polling them, wherever it runs.</summary>
[TestFixture(true)]
[TestFixture(false)]
internal sealed class KeyWatchTests(bool inProcess)
{
    private const string Key = "/local/domain/1/data/level";

    [Test]
    public async Task It_sees_the_value_now_and_then_every_change()
    {
        await using var host = new VendorHost(inProcess);
        var store = host.Services.Services.Store;
        var run = host.ReachAsync("watch data/level 4");

        await SeenAsync(store, "1");
        await store.WriteTextAsync(Key, "a");
        await SeenAsync(store, "2");
        await store.WriteTextAsync(Key, "a");
        await store.WriteTextAsync($"{Key}/below", "c");
        await store.WriteTextAsync(Key, "b");
        await SeenAsync(store, "3");
        await store.RemoveAsync(Key);

        Assert.That((await run).Reason, Is.EqualTo("absent a b absent"));
    }

    [Test]
    public async Task It_sees_the_newest_value_however_fast_the_key_changes()
    {
        await using var host = new VendorHost(inProcess);
        var store = host.Services.Services.Store;
        var run = host.ReachAsync("watch data/level 2");
        await SeenAsync(store, "1");
        await store.WriteTextAsync(Key, "0");

        var last = host.ReachAsync("watch-until data/level last");
        for (var value = 0; value < 1000; value++)
            await store.WriteTextAsync(Key, value.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await store.WriteTextAsync(Key, "last");

        Assert.That((await last).Reason, Is.EqualTo("last"));
        await run;
    }

    [Test]
    public async Task A_cancelled_call_ends_its_watch_at_once()
    {
        await using var host = new VendorHost(inProcess);
        using var cancel = new CancellationTokenSource();
        var run = host.ReachAsync("watch data/level 9", cancel.Token);
        await SeenAsync(host.Services.Services.Store, "1");

        cancel.Cancel();

        await Assert.ThatAsync(() => run, Throws.InstanceOf<OperationCanceledException>());
        Assert.That((await host.ReachAsync("read data/seen")).Reason, Is.EqualTo("1"), "and the plugin serves");
    }

    [Test]
    public async Task A_call_cannot_watch_without_limit()
    {
        await using var host = new VendorHost(inProcess);

        Assert.That((await host.ReachAsync("watch-many")).Reason, Is.EqualTo("InvalidOperationException: a call can watch 32 keys at once"));
        Assert.That((await host.ReachAsync("watch-many")).Kind, Is.EqualTo(OutcomeKind.Failed), "those of a call that has ended do not count");
    }

    [Test]
    public async Task A_key_outside_of_its_domain_cannot_be_watched()
    {
        await using var host = new VendorHost(inProcess);

        Assert.That((await host.ReachAsync("watch /local/domain/2/name 1")).Reason, Does.Contain("leads out of the domain's subtree"));
    }

    private static async Task SeenAsync(IXenStore store, string count)
    {
        while (await store.TryReadTextAsync("/local/domain/1/data/seen") != count)
            await Task.Yield();
    }
}
