using Actors.Host.Supervision;
using Actors.Sdk;

namespace Actors.Host.Tests.Supervision;

internal sealed class DaemonConditionTests
{
    private static readonly Kib Limit = Kib.FromGiB(1);
    private static readonly Kib Little = Kib.FromMiB(70);

    [Test]
    public void A_starved_pool_is_reported_once_after_4_s_and_ends_the_daemon_after_30()
    {
        var actions = Play(Enumerable.Repeat(Sample(answers: false), 40));

        Assert.That(actions.Select((action, second) => (action, second: second + 1)).Where(pair => pair.action != WatchdogActions.None),
            Is.EqualTo([(WatchdogActions.ReportStarved, 4), (WatchdogActions.EndStarved, 30)]));
    }

    [Test]
    public void A_pool_that_answers_again_is_reported_if_its_starvation_was_and_begins_anew()
    {
        var actions = Play([.. Starved(3), Sample(), .. Starved(29), Sample(), .. Starved(29), Sample()]);

        Assert.That(actions.Where(action => action != WatchdogActions.None), Is.EqualTo([
            WatchdogActions.ReportStarved, WatchdogActions.ReportRecovered, WatchdogActions.ReportStarved, WatchdogActions.ReportRecovered]));
    }

    [Test]
    public void Time_in_which_the_whole_process_was_stopped_does_not_count() =>
        Assert.That(Play([Sample(answers: false) with { Elapsed = TimeSpan.FromHours(1) }]), Is.EqualTo([WatchdogActions.None]));

    [Test]
    public void Memory_above_the_limit_is_reported_once_until_it_is_well_below()
    {
        var actions = Play([Memory(1024), Memory(1025), Memory(2000), Memory(1000), Memory(1025), Memory(900), Memory(1025)]);

        Assert.That(actions, Is.EqualTo([
            WatchdogActions.None, WatchdogActions.ReportMemory, WatchdogActions.None, WatchdogActions.None, WatchdogActions.None,
            WatchdogActions.ReportMemoryBack, WatchdogActions.ReportMemory]));
    }

    [Test]
    public void A_start_that_takes_too_long_is_reported_and_ends_the_daemon_before_systemd_does()
    {
        var actions = Play(Enumerable.Repeat(Sample() with { IsReady = false }, 300));

        Assert.That(actions.Select((action, second) => (action, second: second + 1)).Where(pair => pair.action != WatchdogActions.None),
            Is.EqualTo([(WatchdogActions.ReportLateStart, 60), (WatchdogActions.EndLateStart, 280)]));
    }

    private static DaemonSample Sample(bool answers = true) => new(TimeSpan.FromSeconds(1), answers, Little, IsReady: true);

    private static IEnumerable<DaemonSample> Starved(int seconds) => Enumerable.Repeat(Sample(answers: false), seconds);

    private static DaemonSample Memory(int mib) => Sample() with { Memory = Kib.FromMiB(mib) };

    private static List<WatchdogActions> Play(IEnumerable<DaemonSample> samples)
    {
        var condition = new DaemonCondition();
        var actions = new List<WatchdogActions>();
        foreach (var sample in samples)
        {
            (condition, var action) = condition.After(sample, Limit);
            actions.Add(action);
        }
        return actions;
    }
}
