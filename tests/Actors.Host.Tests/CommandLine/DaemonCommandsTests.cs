using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using Actors.Cli.CommandLine;
using Actors.XenStore;

namespace Actors.Host.Tests.CommandLine;

/// <summary>Commands against a running daemon on a simulated machine.</summary>
[NonParallelizable]
internal sealed class DaemonCommandsTests
{
    private const string Scenario = """
        host: { memory: 2GiB, superpages: true }
        domains:
          - { name: one, memory: 256MiB, boot: 10ms }
          - { name: two, memory: 256MiB, boot: 10ms }
          - { name: slow, memory: 256MiB, boot: 10ms, guest: { balloon: { rate: 16MiB/s } } }
        """;

    private ScratchFolder _folder = null!;

    [SetUp]
    public void Open()
    {
        _folder = new ScratchFolder();
        File.WriteAllText(At("s.yaml"), Scenario);
        Directory.CreateDirectory(At("policies"));
        foreach (var name in new[] { "balloon.yaml", "balloon.test.yaml" })
            File.Copy(Path.Combine(ProgramFolder.Policies, name), Path.Combine(At("policies"), name));
    }

    [TearDown]
    public void Close() => _folder.Dispose();

    [Test]
    public async Task What_cannot_work_is_rejected_before_it_is_written_and_nothing_waits_in_vain()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(3), TimeProvider.System);
        await File.WriteAllTextAsync(Path.Combine(At("policies"), "broken.yaml"), "steps: nothing\n", deadline.Token);
        using var daemon = await StartAsync(deadline.Token);
        await using var store = await XenStoreClient.ConnectAsync(XenStoreEndpoint.Socket(At("socket")), cancellation: deadline.Token);

        await ExpectAsync(ExitCode.Failed, "there is no actor 'baloon'; did you mean 'balloon'? If a tool of yours", "mem-policy", "one", "baloon");
        await ExpectAsync(ExitCode.Failed, "there is no policy or actor 'ballon'; did you mean 'balloon'?", "mem-policy", "one", "xl:ballon");
        await ExpectAsync(ExitCode.Failed, "the policy 'broken' is broken: ", "mem-policy", "one", "xl:broken");
        await ExpectAsync(ExitCode.Failed, "the policy 'broken' is broken: ", "mem-policy", "one", "broken");
        await ExpectAsync(ExitCode.Failed, "is below the floor of", "mem-set", "one", "1m");
        await ExpectAsync(ExitCode.Failed, "is above the domain's static-max", "mem-set", "one", "1g");
        Assert.That(await store.TryReadAsync("/local/domain/1/memory-policy/actor", deadline.Token), Is.Null);
        Assert.That(await store.TryReadAsync("/local/domain/1/memory-policy/target", deadline.Token), Is.Null);

        await store.WriteTextAsync("/local/domain/1/memory-policy/actor", "xl:broken", deadline.Token);
        await ExpectAsync(ExitCode.Ok, "the policy 'broken', whose file is broken", "explain", "one");
        await store.WriteTextAsync("/local/domain/1/memory-policy/actor", "xl:missing", deadline.Token);
        await ExpectAsync(ExitCode.Failed, "there is no policy or actor 'missing'", "mem-set", "one", "200m", "--wait");
        await ExpectAsync(ExitCode.Ok, "external actor 'theirs'", "mem-policy", "two", "theirs", "--external");
        await ExpectAsync(ExitCode.Ok, "external actor 'theirs'", "mem-set", "two", "200m", "--wait");
        await ExpectAsync(ExitCode.Ok, "external actor 'theirs'", "mem-set", "two", "201m", "--wait");

        while (await store.TryReadTextAsync("/local/domain/2/memory-policy/state", deadline.Token) is null)
            await Task.Yield();
        File.Delete(At("journal"));
        await ExpectAsync(ExitCode.Failed, $"cannot read the journal {At("journal")}: it does not exist", "history");
        await ExpectAsync(ExitCode.Ok, "cannot read the journal", "explain", "two");
        await store.WriteTextAsync("/local/domain/1/memory-policy/actor", "xl:balloon", deadline.Token);
        await ExpectAsync(ExitCode.Ok, "reached", "mem-set", "one", "200m", "--wait");
        while (!File.Exists(At("journal")) || !(await File.ReadAllTextAsync(At("journal"), deadline.Token)).EndsWith('\n'))
            await Task.Yield();
        await File.WriteAllTextAsync(At("journal"), "", deadline.Token);
        await ExpectAsync(ExitCode.Ok, $"{At("journal")} has no entry for this outcome", "explain", "one");
        Assert.That(await daemon.StopAsync(deadline.Token), Is.Zero);
        await ExpectAsync(ExitCode.Unreachable, "", "list");

        async Task ExpectAsync(int exitCode, string message, params string[] line)
        {
            var run = await CommandLineRun.OfAsync([.. line, "--store", $"unix:{At("socket")}"], deadline.Token);
            Assert.That(run.ExitCode, Is.EqualTo(exitCode), $"{string.Join(' ', line)}: {run.Screen}");
            Assert.That(run.Screen, Does.Contain(message), string.Join(' ', line));
        }
    }

    [Test]
    public async Task Explain_shows_the_superpages_that_a_balloon_has_left()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(3), TimeProvider.System);
        using var daemon = await StartAsync(deadline.Token);
        string[] at = ["--store", $"unix:{At("socket")}"];
        Assert.That((await CommandLineRun.OfAsync(["explain", "one", .. at], deadline.Token)).Output, Does.Match(@"superpages +12[78] of 128 left"));
        await CommandLineRun.OfAsync(["mem-set", "one", "200m", "--wait", .. at], deadline.Token);
        var explain = await CommandLineRun.OfAsync(["explain", "one", "--json", .. at], deadline.Token);
        Assert.That(JsonDocument.Parse(explain.Output).RootElement.GetProperty("superpages").GetString(), Does.Match("^[0-9]+ of 100 left"));
    }

    [Test]
    public async Task A_domain_whose_target_waits_says_so_in_list_and_explain()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(3), TimeProvider.System);
        using var daemon = await StartAsync(deadline.Token);
        await using var store = await XenStoreClient.ConnectAsync(XenStoreEndpoint.Socket(At("socket")), cancellation: deadline.Token);
        string[] at = ["--store", $"unix:{At("socket")}"];
        await store.WriteTextAsync("/local/domain/1/memory-policy/actor", "xl:missing", deadline.Token);
        await store.WriteTextAsync("/local/domain/1/memory-policy/target", "204800", deadline.Token);
        while (await store.TryReadTextAsync("/local/domain/1/memory-policy/waiting", deadline.Token) is null)
            await Task.Yield();

        var list = await CommandLineRun.OfAsync(["list", .. at], deadline.Token);
        Assert.That(list.Output.Split('\n').Single(line => line.Contains("\tone\t")), Does.Contain("unable, waiting"));
        Assert.That(list.Output.Split('\n').Single(line => line.Contains("\ttwo\t")), Does.Not.Contain("waiting"));
        using var json = JsonDocument.Parse((await CommandLineRun.OfAsync(["list", "--json", .. at], deadline.Token)).Output);
        var one = json.RootElement.EnumerateArray().Single(line => line.GetProperty("name").GetString() == "one");
        Assert.That(one.GetProperty("waiting_for").EnumerateArray().Select(kind => kind.GetString()), Is.EqualTo(new[] { "actor" }));
        Assert.That(one.GetProperty("waiting_since").GetString(), Does.Match("^20[0-9-]+T[0-9:]+"));
        var explain = await CommandLineRun.OfAsync(["explain", "one", .. at], deadline.Token);
        Assert.That(explain.Output, Does.Match(@"waiting +for the actor or policy, since 20[0-9-]+ [0-9:]+ UTC; "));
    }

    [Test]
    public async Task A_wait_follows_the_target_and_not_the_run_that_it_started()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(3), TimeProvider.System);
        using var daemon = await StartAsync(deadline.Token);
        await using var store = await XenStoreClient.ConnectAsync(XenStoreEndpoint.Socket(At("socket")), cancellation: deadline.Token);
        string[] at = ["--store", $"unix:{At("socket")}"];

        await CommandLineRun.OfAsync(["mem-set", "slow", "200m", .. at], deadline.Token);
        var second = await CommandLineRun.OfAsync(["mem-set", "slow", "200m", "--wait", "60", .. at], deadline.Token);
        Assert.That(second.ExitCode, Is.Zero, second.Screen);
        Assert.That(second.Output, Does.StartWith("slow: target 200 MiB reached by balloon, footprint 200"));
        Assert.That(second.Messages, Does.Not.Contain("\r").And.Not.Contain("\e"), "no terminal, no progress line");

        var third = CommandLineRun.OfAsync(["mem-set", "slow", "150m", "--wait", .. at], deadline.Token);
        while (await store.TryReadTextAsync("/local/domain/3/memory-policy/target", deadline.Token) != "153600")
            await Task.Yield();
        await store.WriteTextAsync("/local/domain/3/memory-policy/target", "245760", deadline.Token);
        var replaced = await third;
        Assert.That(replaced.ExitCode, Is.EqualTo(ExitCode.Failed), replaced.Screen);
        Assert.That(replaced.Messages, Does.Contain("another target replaced it: 240 MiB"));

        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token);
        var fourth = CommandLineRun.OfAsync(["mem-set", "slow", "150m", "--wait", .. at], interrupt.Token);
        while (await store.TryReadTextAsync("/local/domain/3/memory-policy/target", deadline.Token) != "153600")
            await Task.Yield();
        interrupt.Cancel();
        var interrupted = await fourth;
        Assert.That(interrupted.ExitCode, Is.EqualTo(ExitCode.Failed));
        Assert.That(interrupted.Messages, Does.Contain("interrupted; the target stays"));
    }

    [Test]
    public async Task A_xenstored_that_accepts_connections_and_stays_silent_ends_a_command()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2), TimeProvider.System);
        using var silent = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        silent.Bind(new UnixDomainSocketEndPoint(At("socket")));
        silent.Listen();

        var run = await CommandLineRun.OfAsync(["list", "--store", $"unix:{At("socket")}"], deadline.Token);

        Assert.That((run.ExitCode, run.Output), Is.EqualTo((ExitCode.Unreachable, "")));
        Assert.That(run.Messages, Does.Contain("has not replied for 10 s"));
    }

    [Test]
    public async Task A_reply_of_xenstored_that_makes_no_sense_is_an_error_in_words()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2), TimeProvider.System);
        using var strange = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        strange.Bind(new UnixDomainSocketEndPoint(At("socket")));
        strange.Listen();
        var command = CommandLineRun.OfAsync(["list", "--store", $"unix:{At("socket")}"], deadline.Token);
        using var connection = await strange.AcceptAsync(deadline.Token);
        var request = new byte[100];
        await connection.ReceiveAsync(request, deadline.Token);
        // The reply to a READ, whatever the request was.
        await connection.SendAsync((byte[])[2, 0, 0, 0, .. request[4..12], 1, 0, 0, 0, (byte)'x'], deadline.Token);

        var run = await command;
        Assert.That(run.ExitCode, Is.EqualTo(ExitCode.Failed));
        Assert.That(run.Messages, Does.StartWith("actors: xenstore: ").And.Not.Contain("Exception"));
    }

    [Test]
    public async Task The_doctor_checks_the_journal_of_a_simulated_machine()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2), TimeProvider.System);
        using var daemon = await StartAsync(deadline.Token);
        var before = Environment.GetEnvironmentVariable("XENSTORED_PATH");
        Environment.SetEnvironmentVariable("XENSTORED_PATH", At("socket"));
        try
        {
            Assert.That((await CommandLineRun.OfAsync(["doctor"], deadline.Token)).Output, Does.Contain($"{At("journal")} is writable"));
            File.Delete(At("journal"));
            Assert.That((await CommandLineRun.OfAsync(["doctor"], deadline.Token)).Output, Does.Contain("outcomes are not kept"));
        }
        finally
        {
            Environment.SetEnvironmentVariable("XENSTORED_PATH", before);
        }
    }

    [Test]
    public async Task A_fifo_in_the_place_of_a_file_blocks_neither_the_start_nor_the_end()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2), TimeProvider.System);
        await MakeFifoAsync(Path.Combine(At("policies"), "fifo.yaml"), deadline.Token);
        await MakeFifoAsync(At("socket.machine"), deadline.Token);
        using var daemon = await StartAsync(deadline.Token);

        Assert.That(daemon.Log, Has.Some.Contains("fifo.yaml").And.Some.Contains("socket.machine' is a FIFO, a socket or a device"));
        Assert.That(await daemon.StopAsync(deadline.Token), Is.Zero);
    }

    [TestCase("--config")]
    [TestCase("--sim")]
    [TestCase("--journal")]
    public async Task A_daemon_whose_file_is_a_fifo_ends_with_a_message(string option)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2), TimeProvider.System);
        await MakeFifoAsync(At("fifo"), deadline.Token);
        string[] others = option == "--journal" ? [] : ["--journal", At("journal")];

        var run = await CommandLineRun.OfAsync(["run", option, At("fifo"), "--store-socket", At("socket"), .. others], deadline.Token);

        Assert.That(run.ExitCode, Is.EqualTo(ExitCode.InvalidConfiguration), run.Screen);
        Assert.That(run.Messages, Does.Contain("is a FIFO, a socket or a device"));
    }

    [Test]
    public async Task A_daemon_with_too_few_file_descriptors_says_so()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2), TimeProvider.System);
        var start = new ProcessStartInfo("sh", ["-c", "ulimit -n 64; exec \"$0\" run", Path.Combine(ProgramFolder.Root, "actors")]) { RedirectStandardError = true };
        using var daemon = Process.Start(start)!;

        Assert.That(await daemon.StandardError.ReadToEndAsync(deadline.Token), Does.StartWith("actors: at most 64 open files are allowed, and the daemon needs 256: ").And.Not.Contain("   at "));
        await daemon.WaitForExitAsync(deadline.Token);
        Assert.That(daemon.ExitCode, Is.EqualTo(ExitCode.Failed));
    }

    private static async Task MakeFifoAsync(string path, CancellationToken cancellation)
    {
        using var mkfifo = Process.Start("mkfifo", [path]);
        await mkfifo.WaitForExitAsync(cancellation);
    }

    [Test]
    public async Task A_bare_file_name_is_a_socket_and_a_signal_that_comes_twice_is_one_request()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(3), TimeProvider.System);
        using var working = new WorkingFolder();
        using var daemon = await Simulation.Daemon.StartAsync(
            deadline.Token, "--sim", At("s.yaml"), "--store-socket", "s", "--journal", "j", "--policies", At("policies"), "--default-policy", "balloon");
        Assert.That((await CommandLineRun.OfAsync(["list", "--store", "unix:s"], deadline.Token)).Output, Does.Contain("\tone\t"));

        using (var kill = Process.Start("/bin/sh", ["-c", $"kill -TERM {daemon.Id}; sleep 0.01; kill -TERM {daemon.Id}"]))
            await kill.WaitForExitAsync(deadline.Token);

        Assert.That(await daemon.EndAsync(deadline.Token), Is.Zero, string.Join('\n', daemon.Log));
        Assert.That(Directory.GetFileSystemEntries(working.Path).Select(Path.GetFileName), Is.EquivalentTo(new[] { "j", "j.lock" }), "the machine was switched off");
    }

    [Test]
    public async Task Without_a_daemon_a_target_below_the_floor_is_not_written_either()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1), TimeProvider.System);
        var embedded = new XenStore.Embedded.EmbeddedXenStore();
        await using var server = XenStore.Server.XenStoreServer.Listen(embedded, At("socket"));
        await using var store = embedded.Connect(0);
        foreach (var domid in new[] { 0, 1 })
        {
            await store.WriteTextAsync($"/local/domain/{domid}/name", $"d{domid}", deadline.Token);
            await store.WriteTextAsync($"/local/domain/{domid}/memory/static-max", "1048576", deadline.Token);
        }

        foreach (var domain in new[] { "d0", "d1" })
        {
            var run = await CommandLineRun.OfAsync(["mem-set", domain, "1m", "--store", $"unix:{At("socket")}"], deadline.Token);
            Assert.That(run.ExitCode, Is.EqualTo(ExitCode.Failed));
            Assert.That(run.Messages, Does.Match(@"the target 1 MiB \(1024 KiB\) is below the floor of [0-9]+ MiB \(default for static-max.*; nothing was written"));
        }
        Assert.That(await store.TryReadAsync("/local/domain/1/memory-policy/target", deadline.Token), Is.Null);
        await store.WriteTextAsync("/local/domain/1/memory-policy/floor", "1024", deadline.Token);
        Assert.That((await CommandLineRun.OfAsync(["mem-set", "d1", "1m", "--store", $"unix:{At("socket")}"], deadline.Token)).ExitCode, Is.EqualTo(ExitCode.Ok));
    }

    [Test]
    public async Task A_policy_that_is_still_being_compiled_can_be_named()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(3), TimeProvider.System);
        await File.WriteAllTextAsync(Path.Combine(At("policies"), "fresh.csx"), $"// {Guid.NewGuid()}\nawait Run(\"balloon\");\n", deadline.Token);
        using var daemon = await StartAsync(deadline.Token);

        var run = await CommandLineRun.OfAsync(["mem-policy", "one", "xl:fresh", "--store", $"unix:{At("socket")}"], deadline.Token);
        Assert.That(run.ExitCode, Is.EqualTo(ExitCode.Ok), run.Screen);
        Assert.That(run.Output, Does.Contain("the policy 'fresh'"));
        run = await CommandLineRun.OfAsync(["mem-set", "one", "200m", "--store", $"unix:{At("socket")}"], deadline.Token);
        Assert.That(run.ExitCode, Is.EqualTo(ExitCode.Ok).Or.EqualTo(ExitCode.Failed), run.Screen);
        await using var store = await XenStoreClient.ConnectAsync(XenStoreEndpoint.Socket(At("socket")), cancellation: deadline.Token);
        while (await store.TryReadTextAsync("/local/domain/1/memory-policy/state", deadline.Token) is not { } state || !state.StartsWith("outcome=reached actor=balloon", StringComparison.Ordinal))
            await Task.Yield();
    }

    private Task<Simulation.Daemon> StartAsync(CancellationToken deadline) => Simulation.Daemon.StartAsync(
        deadline, "--sim", At("s.yaml"), "--store-socket", At("socket"), "--journal", At("journal"), "--policies", At("policies"), "--default-policy", "balloon");

    private string At(string name) => Path.Combine(_folder.Path, name);
}
