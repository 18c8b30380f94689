using Actors.Dispatch.Domains;
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
}
