using Actors.Host.Service;
using Actors.Sdk;
using Actors.Sim.Clock;
using Actors.XenStore;
using NSubstitute;

namespace Actors.Host.Tests.Service;

internal sealed class FirstConnectionTests
{
    [Test]
    public void A_daemon_that_starts_before_xenstored_waits_for_it_and_reports_that_once()
    {
        var (clock, log, notified, attempts) = (new SimulationClock(), Substitute.For<IActorLog>(), new List<string>(), 0);
        clock.Run(async () =>
        {
            var connection = await new FirstConnection(log, notified.Add, clock).OpenAsync(
                _ => clock.Elapsed < TimeSpan.FromMinutes(10) ? throw Away(++attempts) : Task.FromResult("connected"), default);

            Assert.That(connection, Is.EqualTo("connected"));
        }, TimeSpan.FromHours(1));

        Assert.That(attempts, Is.InRange(100, 150), "with growing pauses, and at most 5 s after xenstored is there");
        log.Received(1).Warn(Arg.Is<string>(text => text.StartsWith("waiting for xenstored: there is no socket")));
        log.Received(1).Info("xenstored is there");
        Assert.That(notified, Has.Count.EqualTo(attempts).And.All.EqualTo("EXTEND_TIMEOUT_USEC=30000000\nSTATUS=waiting for xenstored"));
    }

    [Test]
    public void A_daemon_whose_xenstored_is_there_reports_nothing()
    {
        var (clock, log, notified) = (new SimulationClock(), Substitute.For<IActorLog>(), new List<string>());
        clock.Run(async () => await new FirstConnection(log, notified.Add, clock).OpenAsync(_ => Task.FromResult(1), default), TimeSpan.FromHours(1));

        Assert.That((log.ReceivedCalls().Count(), notified.Count), Is.EqualTo((0, 0)));
    }

    private static XenStoreConnectionException Away(int attempt) => new($"there is no socket ({attempt})", RequestFate.NotSent);
}
