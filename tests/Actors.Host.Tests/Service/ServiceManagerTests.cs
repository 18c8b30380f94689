using System.Net.Sockets;
using System.Text;
using Actors.Host.Service;

namespace Actors.Host.Tests.Service;

[NonParallelizable]
internal sealed class ServiceManagerTests
{
    private const string Variable = "NOTIFY_SOCKET", WatchdogVariable = "WATCHDOG_USEC";

    [TearDown]
    public void Forget()
    {
        Environment.SetEnvironmentVariable(Variable, null);
        Environment.SetEnvironmentVariable(WatchdogVariable, null);
    }

    [Test]
    public void A_watchdog_of_systemd_is_fed_and_nobody_else_is()
    {
        var name = $"{Directory.CreateTempSubdirectory("notify").FullName}/notify";
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        systemd.Bind(new UnixDomainSocketEndPoint(name));
        Environment.SetEnvironmentVariable(Variable, name);

        ServiceManager.NotifyAlive();
        Assert.That(systemd.Available, Is.Zero);
        Environment.SetEnvironmentVariable(WatchdogVariable, "60000000");
        ServiceManager.NotifyAlive();

        var received = new byte[64];
        Assert.That(Encoding.ASCII.GetString(received, 0, systemd.Receive(received)), Is.EqualTo("WATCHDOG=1"));
    }

    [TestCase("{0}/notify")]
    [TestCase("@{0}/notify", TestName = "Systemd is notified on a socket in the abstract namespace")]
    public void Systemd_is_notified_on_its_socket(string form)
    {
        var name = string.Format(null, form, Directory.CreateTempSubdirectory("notify").FullName);
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        systemd.Bind(new UnixDomainSocketEndPoint(name[0] == '@' ? $"\0{name[1..]}" : name));
        Environment.SetEnvironmentVariable(Variable, name);

        ServiceManager.Notify("READY=1");

        var received = new byte[64];
        Assert.That(Encoding.ASCII.GetString(received, 0, systemd.Receive(received)), Is.EqualTo("READY=1"));
    }

    [Test]
    public void Without_a_socket_nothing_is_sent_and_a_dead_socket_does_no_harm() => Assert.Multiple(() =>
    {
        Assert.That(() => ServiceManager.Notify("READY=1"), Throws.Nothing);
        Environment.SetEnvironmentVariable(Variable, "/nowhere/notify");
        Assert.That(() => ServiceManager.Notify("READY=1"), Throws.Nothing);
    });
}
