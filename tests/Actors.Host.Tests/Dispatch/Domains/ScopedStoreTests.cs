using Actors.Dispatch.Domains;
using Actors.XenStore;
using NSubstitute;

namespace Actors.Host.Tests.Dispatch.Domains;

internal sealed class ScopedStoreTests
{
    [TestCase("/local/domain/4/memory/target")]
    [TestCase("@introduceDomain")]
    [TestCase("memory//target")]
    public void A_path_that_leads_out_of_the_domain_is_refused(string path) => TestWorld.Run(async world =>
    {
        var store = new ScopedStore(world.DomainZero, world.Time, 3);

        await Assert.ThatAsync(async () => await store.WriteAsync(path, "1", default), Throws.ArgumentException.With.Message.Contains("leads out"));
    });

    [Test]
    public void Dots_lead_nowhere() => TestWorld.Run(async world =>
    {
        var store = new ScopedStore(world.DomainZero, world.Time, 3);

        await Assert.ThatAsync(async () => await store.WriteAsync("../4/memory/target", "1", default), Throws.TypeOf<XenStoreException>());
    });

    [Test]
    public void A_store_that_goes_away_is_asked_again_until_it_is_back() => TestWorld.Run(async world =>
    {
        var gone = new XenStoreConnectionException("gone", RequestFate.Unknown);
        var store = Substitute.For<IXenStore>();
        store.TryReadAsync("/local/domain/3/name", default).ReturnsForAnyArgs(
            _ => throw gone, _ => throw gone, _ => ValueTask.FromResult<byte[]?>("web-1"u8.ToArray()));

        Assert.That(await new ScopedStore(store, world.Time, 3).ReadAsync("name", default), Is.EqualTo("web-1"));
    });

    [Test]
    public void What_is_absent_reads_as_nothing_and_is_removed_without_a_word() => TestWorld.Run(async world =>
    {
        var store = new ScopedStore(world.DomainZero, world.Time, 3);
        await store.RemoveAsync("memory/none/such", default);

        Assert.That((await store.ReadAsync("name", default), (await store.ListAsync("memory", default)).Count), Is.EqualTo(((string?)null, 0)));
    });
}
