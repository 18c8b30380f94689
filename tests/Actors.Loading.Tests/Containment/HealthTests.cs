using Actors.Loading.Containment;
using Actors.Loading.Processes;

namespace Actors.Loading.Tests.Containment;

internal sealed class HealthTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void Three_faults_in_a_row_put_a_plugin_out_of_service()
    {
        var health = new Health().Faulted("one", Noon).Faulted("two", Noon).Faulted("three", Noon);

        Assert.That(health, Has.Property("Quarantine").EqualTo("3 faults in a row, the last: three").And.Property("State").EqualTo("quarantined"));
    }

    [Test]
    public void A_success_between_two_faults_resets_the_count()
    {
        var health = new Health().Faulted("one", Noon).Faulted("two", Noon).Served().Faulted("three", Noon);

        Assert.That((health.Serves, health.InARow, health.Total, health.LastFault), Is.EqualTo((true, 1, 3, "three")));
    }

    [Test]
    public void Ends_that_others_caused_never_put_a_plugin_out_of_service_but_delay_its_next_start_a_little()
    {
        var health = new Health().Killed("by SIGKILL").Killed("by SIGKILL").Killed("by SIGKILL").Faulted("one", Noon).Killed("by SIGKILL");

        Assert.That((health.Serves, health.InARow, health.Kills, health.Total), Is.EqualTo((true, 1, 4, 1)));
        Assert.That((PluginRestart.Delay(health).TotalSeconds, PluginRestart.Delay(health.Served()).TotalSeconds), Is.EqualTo((5, 1)));
    }

    [Test]
    public void A_ban_needs_one_fault_and_a_later_fault_does_not_change_its_reason() =>
        Assert.That(new Health().Banned("ate everything", Noon).Faulted("and again", Noon).Quarantine, Is.EqualTo("ate everything"));

    [Test]
    public void Faults_and_quarantine_raise_an_event_and_successes_do_not()
    {
        var health = new PluginHealth("bad", TimeProvider.System);
        var changes = new List<(int Total, bool Serves)>();
        health.Changed += (_, after) => changes.Add((after.Total, after.Serves));

        health.Fault("one");
        health.Served();
        health.Ban("no");
        health.Lift();

        Assert.That(changes, Is.EqualTo(new[] { (1, true), (2, false), (2, true) }));
    }

    [Test]
    public void A_rate_limit_passes_a_number_of_events_a_second_and_counts_the_rest()
    {
        var limit = new RateLimit(2);
        var open = new List<bool>();
        foreach (var second in new long[] { 7, 7, 7, 7, 8 })
            open.Add((limit = limit.Next(second)).Open);

        Assert.That((open, limit.Dropped), Is.EqualTo((new List<bool> { true, true, false, false, true }, 2)));
    }
}
