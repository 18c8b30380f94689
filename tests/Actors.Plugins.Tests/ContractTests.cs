using Actors.Balloon;
using Actors.Hinting;
using Actors.Paging;
using Actors.Sdk;
using Actors.Sharing;
using Actors.Tmem;
using NSubstitute;

namespace Actors.Plugins.Tests;

/// <summary>What every actor must do for the host, whatever its mechanism is.</summary>
internal sealed class ContractTests
{
    private static readonly IActor[] Actors = [new BalloonActor(), new PagingActor(), new SharingActor(), new TmemActor(), new HintingActor()];

    [TestCaseSource(nameof(Actors))]
    public async Task Release_does_nothing_on_a_domain_that_the_actor_never_touched(IActor actor)
    {
        var (domain, paging, others) = NeverTouched();

        await actor.ReleaseAsync(domain, default);

        await domain.Store.DidNotReceiveWithAnyArgs().WriteAsync(default!, default!);
        await paging.DidNotReceiveWithAnyArgs().StartAsync();
        Assert.That(others.SelectMany(mechanism => mechanism.ReceivedCalls()), Is.Empty);
    }

    [TestCaseSource(nameof(Actors))]
    public async Task Release_does_nothing_on_a_domain_that_no_longer_exists(IActor actor)
    {
        var domain = Gone();
        await actor.ReleaseAsync(domain, default);
        await domain.Store.DidNotReceiveWithAnyArgs().WriteAsync(default!, default!);
    }

    [TestCaseSource(nameof(Actors))]
    public async Task DomainGoneException_is_not_caught(IActor actor) =>
        await Assert.ThatAsync(() => actor.ReachAsync(Gone(), Infos.Target(512), default), Throws.TypeOf<DomainGoneException>());

    private static (IDomain Domain, IPaging Paging, IReadOnlyList<object> Others) NeverTouched()
    {
        var (domain, paging, sharing) = (Empty(), Substitute.For<IPaging>(), Substitute.For<ISharing>());
        var (tmem, maxMem, hinting) = (Substitute.For<ITmem>(), Substitute.For<IMaxMem>(), Substitute.For<IHinting>());
        domain.GetMechanism<IPaging>().Returns(Offer.Of(paging));
        domain.GetMechanism<ISharing>().Returns(Offer.Of(sharing));
        domain.GetMechanism<ITmem>().Returns(Offer.Of(tmem));
        domain.GetMechanism<IMaxMem>().Returns(Offer.Of(maxMem));
        domain.GetMechanism<IHinting>().Returns(Offer.Of(hinting));
        domain.InspectAsync().ReturnsForAnyArgs(Infos.Of(1024, pagedOut: 100, shared: 100));
        return (domain, paging, [sharing, tmem, maxMem, hinting]);
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
