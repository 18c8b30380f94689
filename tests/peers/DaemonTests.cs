namespace Actors.Peers;

[TestFixture(Daemon.Xenstored)]
[TestFixture(Daemon.Oxenstored)]
public sealed class DaemonTests(Daemon daemon)
{
    [Test]
    public async Task A_real_daemon_serves_the_xenstore_utils_without_a_hypervisor()
    {
        await using var store = await Peers.NeedAsync(daemon);
        var write = Programs.Find("xenstore-write", Programs.XenStoreUtils);
        var read = Programs.Find("xenstore-read", Programs.XenStoreUtils);

        Assert.That((await Programs.RunAsync(write, ["/tool/greeting", "hello"], store.Environment)).ExitCode, Is.Zero);
        Assert.That((await Programs.RunAsync(read, ["/tool/greeting"], store.Environment)).Output, Is.EqualTo("hello\n"));
    }
}
