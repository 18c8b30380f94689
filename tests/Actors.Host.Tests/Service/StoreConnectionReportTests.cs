using Actors.Host.Service;
using Actors.Sdk;
using Actors.XenStore;
using NSubstitute;

namespace Actors.Host.Tests.Service;

internal sealed class StoreConnectionReportTests
{
    [Test]
    public void A_store_that_goes_away_and_comes_back_is_reported_once_each_however_many_attempts_fail()
    {
        var (log, notified) = (Substitute.For<IActorLog>(), new List<string>());
        var report = new StoreConnectionReport(log, notified.Add, () => "Xen 4.17, 3 domains");

        report.Changed(new XenStoreConnectionEventArgs(XenStoreConnectionState.Reconnecting, cause: null));
        for (var attempt = 0; attempt < 5; attempt++)
            report.Changed(new XenStoreConnectionEventArgs(XenStoreConnectionState.Reconnecting, new IOException("refused")));
        report.Changed(new XenStoreConnectionEventArgs(XenStoreConnectionState.Connected, cause: null));

        log.Received(1).Warn(Arg.Is<string>(text => text.StartsWith("xenstored has gone away")));
        log.Received(1).Info(Arg.Is<string>(text => text.StartsWith("xenstored is back")));
        Assert.That(notified, Is.EqualTo(new[] { "STATUS=xenstored has gone away; targets wait until it is back", "STATUS=Xen 4.17, 3 domains" }));
    }
}
