using Actors.Balloon;
using Actors.Sdk;
using NSubstitute;

namespace Actors.Plugins.Tests.Balloon;

internal sealed class BalloonActorTests
{
    [Test]
    public async Task When_it_is_cancelled_at_the_start_record_and_target_are_both_written_so_that_a_release_recognises_its_own_target()
    {
        var keys = new Dictionary<string, string> { [DomainKeys.BalloonTarget] = "1048576" };
        using var source = new CancellationTokenSource();
        var domain = Domain(keys, written: source.Cancel);

        await Assert.ThatAsync(() => new BalloonActor().ReachAsync(domain, Infos.Target(512), source.Token), Throws.InstanceOf<OperationCanceledException>());
        var target = keys[DomainKeys.BalloonTarget];
        await new BalloonActor().ReleaseAsync(domain, default);

        Assert.That((target, keys[DomainKeys.BalloonTarget]), Is.EqualTo(("524288", "1048576")));
    }

    [Test]
    public async Task A_target_that_is_set_again_wakes_a_driver_that_gave_up_by_a_different_value()
    {
        var (keys, values) = (new Dictionary<string, string> { [DomainKeys.BalloonTarget] = "1048576" }, new List<string>());
        await ReachAsync();
        var target = keys[DomainKeys.BalloonTarget];
        values.Clear();
        await ReachAsync();

        Assert.That(values, Has.Some.Not.EqualTo(target));

        async Task ReachAsync()
        {
            using var source = new CancellationTokenSource();
            var domain = Domain(keys, written: () =>
            {
                values.Add(keys[DomainKeys.BalloonTarget]);
                source.Cancel();
            });
            await Assert.ThatAsync(() => new BalloonActor().ReachAsync(domain, Infos.Target(512), source.Token), Throws.InstanceOf<OperationCanceledException>());
        }
    }

    [Test]
    public async Task An_unknown_argument_is_refused_with_the_known_one()
    {
        var outcome = await new BalloonActor().ReachAsync(Domain([], () => { }), Infos.Target(512) with { Argument = "hugepages" }, default);
        Assert.That(outcome.Reason, Is.EqualTo("balloon has no argument 'hugepages'; its only argument is 'superpages' (balloon:superpages)"));
    }

    [Test]
    public async Task With_superpages_each_target_is_a_multiple_of_2_MiB()
    {
        var keys = new Dictionary<string, string> { [DomainKeys.BalloonTarget] = "1048576" };
        using var source = new CancellationTokenSource();
        var request = Infos.Target(513) with { Argument = "superpages" };
        await Assert.ThatAsync(() => new BalloonActor().ReachAsync(Domain(keys, source.Cancel), request, source.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(keys[DomainKeys.BalloonTarget], Is.EqualTo("524288"));
    }

    private static IDomain Domain(Dictionary<string, string> keys, Action written)
    {
        var domain = Substitute.For<IDomain>();
        domain.Time.Returns(TimeProvider.System);
        domain.InspectAsync().ReturnsForAnyArgs(Infos.Of(1024));
        domain.GetMechanism<IMaxMem>().Returns(Offer.Of(Substitute.For<IMaxMem>()));
        domain.Store.ReadAsync(default!).ReturnsForAnyArgs(call => keys.GetValueOrDefault(call.ArgAt<string>(0)));
        domain.Store.WriteAsync(default!, default!).ReturnsForAnyArgs(call =>
        {
            call.ArgAt<CancellationToken>(2).ThrowIfCancellationRequested();
            keys[call.ArgAt<string>(0)] = call.ArgAt<string>(1);
            // As the host does.
            if (call.ArgAt<string>(0) == DomainKeys.BalloonTarget)
                keys[DomainKeys.OwnBalloonTarget] = call.ArgAt<string>(1);
            written();
            return default;
        });
        return domain;
    }
}
