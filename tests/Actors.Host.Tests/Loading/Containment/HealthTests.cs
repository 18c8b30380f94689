using Actors.Loading.Containment;

namespace Actors.Host.Tests.Loading.Containment;

internal sealed class HealthTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void Three_faults_in_a_row_are_one_too_many()
    {
        var health = new Health().Faulted("one", Noon).Faulted("two", Noon).Faulted("three", Noon);

        Assert.That(health, Has.Property("Quarantine").EqualTo("3 faults in a row, the last: three").And.Property("State").EqualTo("quarantined"));
    }

    [Test]
    public void A_success_between_two_faults_is_a_fresh_start()
    {
        var health = new Health().Faulted("one", Noon).Faulted("two", Noon).Served().Faulted("three", Noon);

        Assert.That((health.Serves, health.InARow, health.Total, health.LastFault), Is.EqualTo((true, 1, 3, "three")));
    }

    [Test]
    public void A_ban_needs_one_fault_and_a_later_fault_does_not_change_its_reason() =>
        Assert.That(new Health().Banned("ate everything", Noon).Faulted("and again", Noon).Quarantine, Is.EqualTo("ate everything"));

    [Test]
    public void Whoever_listens_hears_of_faults_and_of_quarantine_and_nothing_of_successes()
    {
        var health = new PluginHealth("bad", TimeProvider.System);
        var heard = new List<(int Total, bool Serves)>();
        health.Changed += (_, after) => heard.Add((after.Total, after.Serves));

        health.Fault("one");
        health.Served();
        health.Ban("no");
        health.Lift();

        Assert.That(heard, Is.EqualTo(new[] { (1, true), (2, false), (2, true) }));
    }

    [Test]
    public void A_flood_lets_so_many_through_in_a_second_and_counts_the_rest()
    {
        var flood = new Flood(2);
        var open = new List<bool>();
        foreach (var second in new long[] { 7, 7, 7, 7, 8 })
            open.Add((flood = flood.More(second)).Open);

        Assert.That((open, flood.LeftOut), Is.EqualTo((new List<bool> { true, true, false, false, true }, 2)));
    }
}
