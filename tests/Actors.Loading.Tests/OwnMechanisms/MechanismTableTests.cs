using Actors.Loading.OwnMechanisms;
using Actors.Sdk;

namespace Actors.Loading.Tests.OwnMechanisms;

internal sealed class MechanismTableTests
{
    private static readonly DomainIdentity Web = new(1, new Guid(1, 0, 0, new byte[8]), "web"), Reused = Web with { Uuid = new Guid(2, 0, 0, new byte[8]) };

    [Test]
    public void Only_an_interface_of_the_plugin_can_be_offered_once_while_it_is_attached()
    {
        var table = new MechanismTable();
        Assert.That(() => table.Add(_ => Offer.None<IPaging>("")), Throws.ArgumentException.With.Message.Contains("IPaging cannot be a mechanism of the plugin's own"));
        Assert.That(() => table.Add(_ => Offer.Of(new Tier())), Throws.ArgumentException.With.Message.Contains("must be an interface"));
        table.Add(_ => Offer.Of<ITier>(new Tier()));
        Assert.That(() => table.Add(_ => Offer.Of<ITier>(new Tier())), Throws.ArgumentException.With.Message.Contains("already"));
        table.Close();
        Assert.That(() => table.Add(_ => Offer.None<IDisposable>("")), Throws.InvalidOperationException);
        Assert.That(table.Names, Is.EqualTo(new[] { "ITier" }));
    }

    [Test]
    public async Task Domains_that_share_a_number_have_different_mechanisms()
    {
        var table = Table(out var made);
        Assert.That(table.Of(Web).Get<ITier>().Mechanism, Is.Not.SameAs(table.Of(Reused).Get<ITier>().Mechanism));

        await table.EndAsync(Web);

        Assert.That(made.Select(tier => tier.Disposed), Is.EqualTo(new[] { 1, 0 }));
    }

    [Test]
    public async Task A_call_that_outlives_its_domain_gets_no_new_mechanism()
    {
        var table = Table(out var made);
        var domain = table.Of(Web);
        domain.Get<ITier>();
        await table.EndAsync(Web);

        Assert.That(domain.Get<ITier>().WhyNot, Is.EqualTo("domain 1 does not exist any more"));
        Assert.That(made, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_mechanism_that_is_created_while_its_domain_disappears_is_disposed_of_and_does_not_hold_that_up()
    {
        var (table, tier) = (new MechanismTable(), new Tier());
        table.Add(_ =>
        {
            Assert.That(Task.Run(() => table.EndAsync(Web)).Wait(TimeSpan.FromSeconds(30)), "the end waits for the plugin's code");
            return Offer.Of<ITier>(tier);
        });

        Assert.That(table.Of(Web).Get<ITier>().WhyNot, Is.EqualTo("domain 1 does not exist any more"));
        Assert.That(tier.Disposed, Is.EqualTo(1));
    }

    [Test]
    public async Task Threads_that_request_it_at_once_get_the_same_one()
    {
        using var both = new Barrier(2);
        var table = Table(out var made);
        var domain = table.Of(Web);

        var got = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(() =>
        {
            both.SignalAndWait();
            return domain.Get<ITier>().Mechanism;
        }, default, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        Assert.That(got[0], Is.SameAs(got[1]));
        Assert.That(made, Has.Count.EqualTo(1));
    }

    [Test]
    public void What_its_creation_throws_reaches_the_caller_and_the_next_request_creates_it()
    {
        var (table, tries) = (new MechanismTable(), 0);
        table.Add(_ => tries++ == 0 ? throw new InvalidOperationException("not yet") : Offer.Of<ITier>(new Tier()));
        var domain = table.Of(Web);

        Assert.That(domain.Get<ITier>, Throws.InvalidOperationException.With.Message.EqualTo("not yet"));
        Assert.That(domain.Get<ITier>().Available);
    }

    [Test]
    public async Task An_error_of_one_disposal_does_not_prevent_the_others()
    {
        var table = Table(out var made);
        table.Of(Web).Get<ITier>();
        table.Of(Reused).Get<ITier>();
        made.ForEach(tier => tier.Sticks = true);

        await Assert.ThatAsync(table.EndAllAsync, Throws.InvalidOperationException);

        Assert.That(made.Select(tier => tier.Disposed), Is.EqualTo(new[] { 1, 1 }));
    }

    private static MechanismTable Table(out List<Tier> made)
    {
        var (table, tiers) = (new MechanismTable(), new List<Tier>());
        table.Add(_ =>
        {
            tiers.Add(new Tier());
            return Offer.Of<ITier>(tiers[^1]);
        });
        made = tiers;
        return table;
    }

    private interface ITier;

    private sealed class Tier : ITier, IDisposable
    {
        public int Disposed { get; private set; }

        public bool Sticks { get; set; }

        public void Dispose()
        {
            Disposed++;
            if (Sticks)
                throw new InvalidOperationException("it sticks");
        }
    }
}
