using System.Net.Sockets;
using System.Text;
using Actors.Host.Service;

namespace Actors.Host.Tests.Service;

[NonParallelizable]
internal sealed class ServiceManagerTests
{
    private const string Variable = "NOTIFY_SOCKET";

    [TearDown]
    public void Forget() => Environment.SetEnvironmentVariable(Variable, null);

    [TestCase("{0}/notify")]
    [TestCase("@{0}/notify", TestName = "A socket in the abstract namespace is told, too")]
    public void Systemd_is_told_where_it_listens(string form)
    {
        var name = string.Format(null, form, Directory.CreateTempSubdirectory("notify").FullName);
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        systemd.Bind(new UnixDomainSocketEndPoint(name[0] == '@' ? $"\0{name[1..]}" : name));
        Environment.SetEnvironmentVariable(Variable, name);

        ServiceManager.Tell("READY=1");

        var heard = new byte[64];
        Assert.That(Encoding.ASCII.GetString(heard, 0, systemd.Receive(heard)), Is.EqualTo("READY=1"));
    }

    [Test]
    public void Nobody_is_told_where_nobody_asked_and_a_dead_listener_does_no_harm() => Assert.Multiple(() =>
    {
        Assert.That(() => ServiceManager.Tell("READY=1"), Throws.Nothing);
        Environment.SetEnvironmentVariable(Variable, "/nowhere/notify");
        Assert.That(() => ServiceManager.Tell("READY=1"), Throws.Nothing);
    });
}
