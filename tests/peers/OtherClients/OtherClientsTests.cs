using System.Globalization;
using Actors.Peers.Conformance;

namespace Actors.Peers.OtherClients;

/// <summary>Runs other clients against the embedded store's server, and against the real daemons to check the tests themselves.</summary>
[TestFixture(Store.Embedded)]
[TestFixture(Store.Xenstored)]
[TestFixture(Store.Oxenstored)]
public sealed class OtherClientsTests(Store kind)
{
    private StoreUnderTest _store = null!;

    [SetUp]
    public async Task StartAsync() => _store = await StoreUnderTest.StartAsync(kind);

    [TearDown]
    public async Task StopAsync()
    {
        if (_store is not null)
            await _store.DisposeAsync();
    }

    [Test]
    public async Task Test_xenstore_passes_in_full()
    {
        var result = await RunAsync("test-xenstore", Programs.XenUtils, "-i", "20");

        Assert.That(result.ExitCode, Is.Zero, result.Output + result.Error);
        Assert.That(result.Output, Does.Not.Contain("FAIL"), result.Output);
    }

    [Test]
    public async Task Test_xenstore_passes_with_random_operations()
    {
        var seconds = Math.Ceiling(Budget.Time.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        var result = await RunAsync("test-xenstore", Programs.XenUtils, "-r", seconds);

        Assert.That(result.ExitCode, Is.Zero, result.Output + result.Error);
    }

    [Test]
    public async Task Xenstore_write_read_list_and_exists_work()
    {
        await UtilAsync("xenstore-write", "/tool/a", "1", "/tool/b/c", "two words");

        Assert.That(await UtilAsync("xenstore-read", "/tool/a", "/tool/b/c"), Is.EqualTo("1\ntwo words\n"));
        Assert.That(await UtilAsync("xenstore-list", "/tool/b"), Is.EqualTo("c\n"));
        Assert.That((await RunAsync("xenstore-exists", Programs.XenStoreUtils, "/tool/a")).ExitCode, Is.Zero);
        Assert.That((await RunAsync("xenstore-exists", Programs.XenStoreUtils, "/tool/absent")).ExitCode, Is.Not.Zero);
    }

    [Test]
    public async Task Xenstore_ls_shows_the_tree_with_permissions()
    {
        await UtilAsync("xenstore-write", "/case/a", "1");

        Assert.That(await UtilAsync("xenstore-ls", "-f", "-p", "/case"), Does.Match("""^/case/a = "1" +\(n0\)"""));
    }

    [Test]
    public async Task Xenstore_chmod_and_rm_work()
    {
        await UtilAsync("xenstore-write", "/case/a", "1");
        await UtilAsync("xenstore-chmod", "/case/a", "r0", "b0");
        Assert.That(await UtilAsync("xenstore-ls", "-f", "-p", "/case"), Does.Contain("(r0,b0)"));

        await UtilAsync("xenstore-rm", "/case/a");
        Assert.That((await RunAsync("xenstore-read", Programs.XenStoreUtils, "/case/a")).ExitCode, Is.Not.Zero);
    }

    [Test]
    public async Task Xenstore_watch_sees_the_first_event()
    {
        Assert.That(await UtilAsync("xenstore-watch", "-n", "1", "/case/w"), Is.EqualTo("/case/w\n"));
    }

    [Test]
    public async Task Pyxs_reads_writes_watches_and_commits()
    {
        if (!Directory.Exists("/usr/lib/python3/dist-packages/pyxs"))
            await Peers.NeedAsync<object>(() => throw new MissingPeerException("pyxs", "python3-pyxs"));
        const string Script = """
            import sys, pyxs
            with pyxs.Client(unix_socket_path=sys.argv[1]) as c:
                c.write(b"/case/a", b"1")
                assert c.read(b"/case/a") == b"1"
                assert c.list(b"/case") == [b"a"]
                assert c.exists(b"/case/a") and not c.exists(b"/case/absent")
                c.set_perms(b"/case/a", [b"r0", b"b0"])
                assert c.get_perms(b"/case/a") == [b"r0", b"b0"]
                assert c.get_domain_path(3) == b"/local/domain/3"
                m = c.monitor()
                m.watch(b"/case/w", b"token")
                events = m.wait()
                assert next(events).path == b"/case/w"
                c.write(b"/case/w/x", b"1")
                assert next(events).path == b"/case/w/x"
                c.transaction()
                c.write(b"/case/a", b"2")
                assert c.commit()
                assert c.read(b"/case/a") == b"2"
                c.delete(b"/case/a")
                assert not c.exists(b"/case/a")
                print("done")
            """;
        var result = await RunAsync("python3", "python3", "-c", Script, _store.SocketPath);

        Assert.That(result.Output, Does.StartWith("done"), result.Error);
    }

    private async Task<string> UtilAsync(string program, params string[] arguments)
    {
        var result = await RunAsync(program, Programs.XenStoreUtils, arguments);
        Assert.That(result.ExitCode, Is.Zero, $"{program}: {result.Error}");
        return result.Output;
    }

    private async Task<ProgramResult> RunAsync(string program, string package, params string[] arguments)
    {
        var path = await Peers.NeedAsync(() => Task.FromResult(Programs.Find(program, package)));
        var environment = new Dictionary<string, string> { ["XENSTORED_PATH"] = _store.SocketPath };
        return await Programs.RunAsync(path, arguments, environment, deadline: Budget.Time + TimeSpan.FromMinutes(1));
    }
}
