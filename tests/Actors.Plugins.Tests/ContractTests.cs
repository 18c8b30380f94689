using Actors.Balloon;
using Actors.Paging;
using Actors.Sdk;
using Actors.Sharing;
using Actors.Tmem;
using NSubstitute;

namespace Actors.Plugins.Tests;

/// <summary>What every actor owes the host, whatever it does.</summary>
internal sealed class ContractTests
{
    private static readonly IActor[] Four = [new BalloonActor(), new PagingActor(), new SharingActor(), new TmemActor()];

    [TestCaseSource(nameof(Four))]
    public async Task Release_leaves_a_domain_alone_that_it_never_touched(IActor actor)
    {
        var (domain, paging, sharing, tmem, maxMem) = NeverTouched();

        await actor.ReleaseAsync(domain, default);

        await domain.Store.DidNotReceiveWithAnyArgs().WriteAsync(default!, default!);
        await paging.DidNotReceiveWithAnyArgs().StartAsync();
        Assert.That(sharing.ReceivedCalls().Concat(tmem.ReceivedCalls()).Concat(maxMem.ReceivedCalls()), Is.Empty);
    }

    [TestCaseSource(nameof(Four))]
    public async Task Release_has_nothing_to_do_on_a_domain_that_is_gone(IActor actor)
    {
        var domain = Gone();
        await actor.ReleaseAsync(domain, default);
        await domain.Store.DidNotReceiveWithAnyArgs().WriteAsync(default!, default!);
    }

    [TestCaseSource(nameof(Four))]
    public async Task That_a_domain_is_gone_is_passed_on(IActor actor) =>
        await Assert.ThatAsync(() => actor.ReachAsync(Gone(), Infos.Target(512), default), Throws.TypeOf<DomainGoneException>());

    private static (IDomain Domain, IPaging Paging, ISharing Sharing, ITmem Tmem, IMaxMem MaxMem) NeverTouched()
    {
        var (domain, paging, sharing) = (Empty(), Substitute.For<IPaging>(), Substitute.For<ISharing>());
        var (tmem, maxMem) = (Substitute.For<ITmem>(), Substitute.For<IMaxMem>());
        domain.GetMechanism<IPaging>().Returns(Offer.Of(paging));
        domain.GetMechanism<ISharing>().Returns(Offer.Of(sharing));
        domain.GetMechanism<ITmem>().Returns(Offer.Of(tmem));
        domain.GetMechanism<IMaxMem>().Returns(Offer.Of(maxMem));
        domain.InspectAsync().ReturnsForAnyArgs(Infos.Of(1024, pagedOut: 100, shared: 100));
        return (domain, paging, sharing, tmem, maxMem);
    }

    private static IDomain Gone()
    {
        var domain = Empty();
        domain.InspectAsync().ReturnsForAnyArgs<DomainInfo>(_ => throw new DomainGoneException(7));
        return domain;
    }

    private static IDomain Empty()
    {
        var domain = Substitute.For<IDomain>();
        domain.Store.ReadAsync(default!).ReturnsForAnyArgs((string?)null);
        return domain;
    }
}
