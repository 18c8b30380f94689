using Actors.Dispatch.Domains;
using Actors.Sdk;
using Actors.XenStore;
using NSubstitute;

namespace Actors.Host.Tests.Dispatch.Domains;

internal sealed class ScopedStoreTests
{
    [TestCase("/local/domain/4/memory/target")]
    [TestCase("@introduceDomain")]
    [TestCase("memory//target")]
    public void A_path_outside_the_domain_is_rejected(string path) => TestWorld.Run(async world =>
    {
        var store = new ScopedStore(world.DomainZero, world.Time, 3);

        await Assert.ThatAsync(async () => await store.WriteAsync(path, "1", default), Throws.ArgumentException.With.Message.Contains("leads out"));
    });

    [TestCase("memory-policy")]
    [TestCase("memory-policy/target")]
    [TestCase("memory-policy/actor")]
    [TestCase("memory-policy/timeout")]
    [TestCase("memory-policy/floor")]
    [TestCase("memory-policy/state")]
    [TestCase("memory-policy/reason")]
    [TestCase("memory-policy/min")]
    [TestCase("memory-policy/max")]
    [TestCase("memory-policy/share")]
    [TestCase("memory-policy/sharing-group")]
    [TestCase("memory-policy/ordered")]
    [TestCase("memory-policy/left-alone")]
    [TestCase("memory-policy/target/below")]
    public void An_actor_can_read_the_keys_of_the_toolstack_and_the_host_but_not_write_them(string path) => TestWorld.Run(async world =>
    {
        var store = new ScopedStore(world.DomainZero, world.Time, 3);
        await world.DomainZero.WriteTextAsync($"/local/domain/3/{path}", "1");

        await Assert.ThatAsync(async () => await store.WriteAsync(path, "2", default), Throws.ArgumentException.With.Message.Contains(path));
        await Assert.ThatAsync(async () => await store.RemoveAsync(path, default), Throws.ArgumentException.With.Message.Contains(path));
        Assert.That(await store.ReadAsync(path, default), Is.EqualTo("1"));
    });

    [Test]
    public void Dots_in_a_path_are_rejected() => TestWorld.Run(async world =>
    {
        var store = new ScopedStore(world.DomainZero, world.Time, 3);

        await Assert.ThatAsync(async () => await store.WriteAsync("../4/memory/target", "1", default), Throws.TypeOf<XenStoreException>());
    });

    [Test]
    public void A_request_is_repeated_until_the_store_is_back() => TestWorld.Run(async world =>
    {
        var gone = new XenStoreConnectionException("gone", RequestFate.Unknown);
        var store = Substitute.For<IXenStore>();
        store.TryReadAsync("/local/domain/3/name", default).ReturnsForAnyArgs(
            _ => throw gone, _ => throw gone, _ => ValueTask.FromResult<byte[]?>("web-1"u8.ToArray()));

        Assert.That(await new ScopedStore(store, world.Time, 3).ReadAsync("name", default), Is.EqualTo("web-1"));
    });

    [Test]
    public void A_missing_key_reads_as_nothing_and_can_be_removed_without_an_error() => TestWorld.Run(async world =>
    {
        var store = new ScopedStore(world.DomainZero, world.Time, 3);
        await store.RemoveAsync("memory/none/such", default);

        Assert.That((await store.ReadAsync("name", default), (await store.ListAsync("memory", default)).Count), Is.EqualTo(((string?)null, 0)));
    });

    [Test]
    public void What_an_actor_writes_to_the_balloon_target_is_recorded_first() => TestWorld.Run(async world =>
    {
        var seen = new List<string?>();
        await using var watches = world.DomainZero.OpenWatchQueue();
        await watches.AddAsync("/local/domain/3", "");
        await watches.NextAsync();
        await new ScopedStore(world.DomainZero, world.Time, 3).WriteAsync("memory/target", "524288", default);
        while (seen.Count < 2)
            seen.Add((await watches.NextAsync()).Path);

        Assert.That(seen, Is.EqualTo(new[] { "/local/domain/3/memory-policy/balloon-target", "/local/domain/3/memory/target" }));
        Assert.That(await world.DomainZero.ReadTextAsync(seen[0]!), Is.EqualTo("524288"));
        Assert.That(await world.DomainZero.ReadTextAsync(seen[1]!), Is.EqualTo("524288"));
    });

    [Test]
    public void The_target_itself_needs_no_record_but_is_the_actors_own_all_the_same() => TestWorld.Run(async world =>
    {
        var store = new ScopedStore(world.DomainZero, world.Time, 3);
        store.BalloonTarget.Target = new Kib(524288);
        await store.WriteAsync("memory/target", "524288", default);

        Assert.That(await world.DomainZero.TryReadTextAsync("/local/domain/3/memory-policy/balloon-target"), Is.Null);
        Assert.That(await store.ReadAsync("memory-policy/balloon-target", default), Is.EqualTo("524288"));
        Assert.That((store.BalloonTarget.IsOwn("524288"), store.BalloonTarget.Written), Is.EqualTo((true, new Kib(524288))));
    });

    [Test]
    public void A_record_that_is_there_never_gets_old() => TestWorld.Run(async world =>
    {
        var store = new ScopedStore(world.DomainZero, world.Time, 3);
        await store.WriteAsync("memory/target", "600000", default);
        store.BalloonTarget.Target = new Kib(524288);
        await store.WriteAsync("memory/target", "524288", default);

        Assert.That(await world.DomainZero.ReadTextAsync("/local/domain/3/memory-policy/balloon-target"), Is.EqualTo("524288"));
    });

    [Test]
    public void An_actor_cannot_write_the_record() => TestWorld.Run(async world =>
    {
        var store = new ScopedStore(world.DomainZero, world.Time, 3);

        await Assert.ThatAsync(async () => await store.WriteAsync("memory-policy/balloon-target", "2", default), Throws.ArgumentException);
        await Assert.ThatAsync(async () => await store.RemoveAsync("memory-policy/balloon-target", default), Throws.ArgumentException);
    });

    [Test]
    public void The_value_of_another_program_is_not_recorded_as_the_actors_own() => TestWorld.Run(async world =>
    {
        var store = new ScopedStore(world.DomainZero, world.Time, 3);
        await store.WriteAsync("memory/target", "524288", default);
        await world.DomainZero.WriteTextAsync("/local/domain/3/memory/target", "400000");

        Assert.That(store.BalloonTarget.IsOwn(await store.ReadAsync("memory/target", default)), Is.False);
        Assert.That(await store.ReadAsync("memory-policy/balloon-target", default), Is.EqualTo("524288"));
    });

    [Test]
    public void While_the_write_of_a_balloon_target_is_on_its_way_both_values_are_the_actors_own() => TestWorld.Run(async world =>
    {
        var slow = new TaskCompletionSource();
        var store = Substitute.For<IXenStore>();
        var key = new BalloonTargetKey(store, world.Time, 3);
        await key.WriteAsync("1", default);
        store.WriteAsync("", default, default).ReturnsForAnyArgs(_ => new ValueTask(slow.Task));
        var writing = key.WriteAsync("2", default);

        Assert.That((key.IsOwn("1"), key.IsOwn("2"), key.IsOwn("3")), Is.EqualTo((true, true, false)));
        slow.SetResult();
        await writing;
        Assert.That((key.IsOwn("1"), key.IsOwn("2")), Is.EqualTo((false, true)));
    });

    [Test]
    public void A_watched_balloon_target_is_read_again_only_after_a_change() => TestWorld.Run(async world =>
    {
        var store = Substitute.For<IXenStore>();
        store.TryReadAsync("", default).ReturnsForAnyArgs(_ => ValueTask.FromResult<byte[]?>("1"u8.ToArray()));
        var key = new BalloonTargetKey(store, world.Time, 3) { Watched = true };
        await key.ReadAsync(default);
        await key.ReadAsync(default);
        Assert.That(store.ReceivedCalls().Count(), Is.EqualTo(1));

        key.ReportChanged();
        await key.ReadAsync(default);
        Assert.That(store.ReceivedCalls().Count(), Is.EqualTo(2));
    });

    [Test]
    public void An_actor_that_removes_the_balloon_target_removes_the_record_too() => TestWorld.Run(async world =>
    {
        var store = new ScopedStore(world.DomainZero, world.Time, 3);
        await store.WriteAsync("memory/target", "524288", default);
        await store.RemoveAsync("memory/target", default);

        Assert.That(await store.ReadAsync("memory-policy/balloon-target", default), Is.Null);
    });
}
