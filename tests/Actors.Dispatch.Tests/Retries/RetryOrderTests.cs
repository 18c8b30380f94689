using Actors.Dispatch.Retries;
using Actors.Sdk;
using FsCheck;
using FsCheck.Fluent;

namespace Actors.Dispatch.Tests.Retries;

internal sealed class RetryOrderTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Test]
    public void Memory_for_two_of_five_goes_to_those_that_have_waited_longest() =>
        Assert.That(Choose(1024, For(5, 512, since: 1), For(4, 512, since: 3), For(3, 512, since: 2), For(2, 512, since: 5), For(1, 512, since: 4)),
            Is.EqualTo(new[] { 5, 3 }));

    [Test]
    public void The_rest_goes_to_the_next_one_and_nothing_remains_for_those_behind_it() =>
        Assert.That(Choose(600, For(1, 512, since: 1), For(2, 512, since: 2), For(3, 16, since: 3)), Is.EqualTo(new[] { 1, 2 }));

    [Test]
    public void Domains_that_wait_equally_long_follow_each_other_by_number() =>
        Assert.That(Choose(512, For(2, 512, since: 1), For(1, 512, since: 1)), Is.EqualTo(new[] { 1 }));

    [Test]
    public void A_domain_that_cannot_use_memory_now_holds_none()
    {
        var paused = For(1, 512, since: 1);
        paused = paused with { Now = paused.Now with { Info = paused.Now.Info with { State = DomainState.Paused } } };
        var failing = For(2, 512, since: 2);
        failing = failing with { Waiting = failing.Waiting with { Changes = 5, Last = Start.AddSeconds(100) } };

        Assert.That(Choose(512, paused, failing, For(3, 512, since: 3)), Is.EqualTo(new[] { 3 }));
    }

    [Test]
    public void Those_that_do_not_wait_for_memory_take_none() =>
        Assert.That(Choose(512, For(1, 512, since: 1, LackKinds.DomainState), For(2, 512, since: 2)), Is.EqualTo(new[] { 1, 2 }));

    [Test]
    public void What_is_handed_out_is_never_more_than_there_is() => Prop.ForAll(
        Gen.Choose(1, 300).Zip(Gen.Choose(0, 50)).ListOf().ToArbitrary(), Gen.Choose(-100, 3000).ToArbitrary(),
        (domains, available) =>
        {
            var waiting = domains.Select((domain, index) => For(index + 1, domain.Item1, domain.Item2)).ToList();
            var chosen = Choose(available, [.. waiting]);
            var order = waiting.OrderBy(domain => domain.Waiting.Since).ThenBy(domain => domain.Domid).Select(domain => domain.Domid);
            // Only the last one may get less than it needs.
            return chosen.SkipLast(1).Sum(domid => domains[domid - 1].Item1) <= Math.Max(0, available)
                && chosen.SequenceEqual(order.Where(chosen.Contains))
                && (available < 16 || waiting.Count == 0 || chosen[0] == order.First());
        }).QuickCheckThrowOnFailure();

    private static List<int> Choose(long available, params WaitingDomain[] domains) =>
        [.. RetryOrder.Choose(domains, Kib.FromMiB(available), Start.AddSeconds(100)).Select(chosen => chosen.Domid)];

    private static WaitingDomain For(int domid, long memory, int since, LackKinds kinds = LackKinds.HostMemory)
    {
        var info = new DomainInfo
        {
            Domid = domid,
            Uuid = Guid.Empty,
            Kind = DomainKind.Pvh,
            State = DomainState.Running,
            TotPages = Kib.FromMiB(1024).ToPages(),
            MaxPages = Kib.FromMiB(4096).ToPages(),
        };
        var waiting = new Waiting(Kib.FromMiB(1024 + memory), new Lack(kinds) { HostMemory = Kib.FromMiB(memory) }, Start.AddSeconds(since)) { Last = Start.AddSeconds(since) };
        return new WaitingDomain(waiting, new RetryFacts(info, 1), new RetryFacts(info, 1));
    }
}
