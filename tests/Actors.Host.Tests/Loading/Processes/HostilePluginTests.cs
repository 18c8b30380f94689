using System.Diagnostics;
using Actors.Loading.Containment;
using Actors.Sdk;

namespace Actors.Host.Tests.Loading.Processes;

/// <summary>A plugin that attacks its process harms neither the daemon nor its neighbours, and the operator reads what happened.</summary>
internal sealed class HostilePluginTests
{
    [TestCase("exit", "the plugin's process ended on its own with exit code 0")]
    [TestCase("fail-fast", "the plugin's process ended itself: enough")]
    [TestCase("overflow", "the plugin's process ended in a stack overflow (Actors.HostilePlugin.HostileActor.Recurse)")]
    [TestCase("native-crash", "the plugin's process crashed in native code (SIGSEGV)")]
    [TestCase("abort", "the plugin's process aborted (SIGABRT)")]
    [TestCase("heap", "the plugin's process ran out of memory: its limit is reached")]
    [TestCase("native-memory", "the plugin's process ran out of memory: its limit is reached")]
    [TestCase("throw-on-thread", "the plugin's process ended with an exception that nothing caught: System.InvalidOperationException: on a thread of its own")]
    [TestCase("throw-async-void", "the plugin's process ended with an exception that nothing caught: System.InvalidOperationException: in an async void")]
    [TestCase("close-everything", "the plugin's process ")]
    [TestCase("write-everything", "the plugin's process was killed: it broke the protocol: a frame announces ")]
    [TestCase("half-a-frame", "the plugin's process was killed: it broke the protocol: ")]
    public async Task Whatever_ends_its_process_fails_the_run_in_words_and_the_plugin_serves_again(string attack, string reason)
    {
        await using var host = new IsolatedHost();
        var before = await host.ServedByAsync();

        var outcome = await host.ReachAsync(attack);
        await host.CallInnocentAsync(calls: 1);

        Assert.That(outcome.Kind, Is.EqualTo(OutcomeKind.Failed));
        Assert.That(outcome.Reason, Does.StartWith(reason));
        Assert.That(outcome.Lacks?.Kinds, Is.EqualTo(LackKinds.Actor).Or.Null);
        Assert.That(await host.ServedByAsync(), Is.Not.EqualTo(before));
    }

    [TestCase("kill-parent", "kill failed")]
    [TestCase("start-program", "start failed")]
    [TestCase("socket", "socket failed")]
    [TestCase("fork", "fork failed")]
    [TestCase("signal-parent", "signal failed")]
    [TestCase("outlive-parent", "prctl failed")]
    [TestCase("files", "open failed: IOException")]
    [TestCase("print", "printed, and read nothing")]
    public async Task What_its_process_may_not_do_fails_there(string attack, string reason)
    {
        await using var host = new IsolatedHost();

        Assert.That((await host.ReachAsync(attack)).Reason, Does.StartWith(reason));
    }

    [Test]
    public async Task What_the_operator_granted_and_the_manifest_requests_works()
    {
        var grant = new PluginGrant { Network = true, Programs = true };
        await using var host = new IsolatedHost(new(new Dictionary<string, PluginGrant> { ["hostile"] = grant }, null));

        Assert.That((await host.ReachAsync("start-program")).Reason, Is.EqualTo("start worked"));
        Assert.That((await host.ReachAsync("socket")).Reason, Is.EqualTo("socket worked"));
    }

    [Test]
    public async Task The_third_end_without_a_success_in_between_puts_the_plugin_out_of_service()
    {
        await using var host = new IsolatedHost();
        for (var faults = 0; faults < 3; faults = (await host.StatusAsync()).Faults)
            await host.ReachAsync("exit");

        Assert.That((await host.ReachAsync("")).Kind, Is.EqualTo(OutcomeKind.Quarantined));
        Assert.That((await host.StatusAsync()).State, Is.EqualTo("quarantined"));

        await host.Catalog.ReloadAsync("hostile", default);
        Assert.That(await host.ServedByAsync(), Is.GreaterThan(0));
    }

    [TestCase("KILL")]
    [TestCase("TERM")]
    public async Task A_process_that_others_kill_even_while_it_loads_for_the_first_time_is_started_again_and_that_is_no_fault(string signal)
    {
        await using var host = new IsolatedHost();
        // Three faults in a row would put it out of service.
        for (int kill = 0, process = 0; kill < 3; kill++)
            await SignalAsync(process = await host.NextProcessAsync(process), signal);

        await host.ServedByAsync();

        Assert.That(await host.StatusAsync(), Has.Property("Faults").Zero.And.Property("State").EqualTo("serving").And.Property("Process").Property("Starts").GreaterThan(3));
        Assert.That(host.Services.Journal.Where(entry => entry.Plugin == "hostile").Select(entry => entry.Outcome), Is.EqualTo(Enumerable.Repeat("killed", 3)));
    }

    [Test]
    public async Task A_call_in_a_process_that_others_kill_fails_at_once_and_waits_for_the_plugin()
    {
        await using var host = new IsolatedHost();
        var process = await host.ServedByAsync();
        var call = host.ReachAsync("ignore-cancellation");

        await SignalAsync(process, "KILL");

        var outcome = await call;
        Assert.That(outcome.Reason, Does.StartWith("the plugin's process was killed from outside by SIGKILL").Or.StartWith("the plugin is down, because its process was killed from outside"));
        Assert.That(outcome.Lacks?.Kinds, Is.EqualTo(LackKinds.Actor));
    }

    [TestCase("ignore-cancellation")]
    [TestCase("spin")]
    [TestCase("hold-everything")]
    [TestCase("exit-that-hangs")]
    [TestCase("stop-itself")]
    [TestCase("deadlock")]
    [TestCase("half-a-frame-and-silence")]
    [TestCase("message-spins")]
    public async Task A_call_that_ignores_its_cancellation_fails_and_its_process_is_killed(string attack)
    {
        await using var host = new IsolatedHost();
        var before = await host.ServedByAsync();
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        var outcome = await host.ReachAsync(attack, cancellation: cancel.Token);

        Assert.That(outcome.Reason, Does.Contain("did not stop within 5 s of being cancelled"));
        // Other calls would keep it longer.
        while (Directory.Exists($"/proc/{before}"))
            await Task.Yield();
        Assert.That(await host.ServedByAsync(), Is.Not.EqualTo(before));
    }

    [Test]
    public async Task Its_exceptions_and_missing_outcomes_are_described_as_in_the_daemons_own_process()
    {
        await using var host = new IsolatedHost();

        Assert.That((await host.ReachAsync("throw")).Reason, Is.EqualTo("OddException: its text cannot be read"));
        Assert.That((await host.ReachAsync("nothing")).Reason, Is.EqualTo("the actor returned no outcome"));
        Assert.That((await host.ReachAsync("other-domain")).Reason, Does.StartWith("XenStoreException: "), "a path out of its domain");
    }

    [Test]
    public async Task What_it_claims_is_checked_against_the_hypervisor()
    {
        await using var host = new IsolatedHost();

        Assert.That((await host.ReachAsync("lie")).Reason, Does.StartWith("the actor reported 'reached' (all done), but the hypervisor reports 1 GiB"));
    }

    [TestCase("report", "reported")]
    [TestCase("log", "logged")]
    [TestCase("store", "written")]
    [TestCase("print", "printed, and read nothing")]
    public async Task A_flood_delays_no_neighbour_and_the_process_goes_on(string attack, string reason)
    {
        await using var host = new IsolatedHost();
        var before = await host.ServedByAsync();
        await host.CallInnocentAsync();
        var alone = await host.CallInnocentAsync();
        var flood = host.ReachAsync(attack);

        var during = await host.CallInnocentAsync();

        Assert.That(during, Is.LessThan(IsolatedHost.SlowestOf(alone)));
        Assert.That((await flood, (await host.StatusAsync()).Faults), Is.EqualTo((Outcome.Short(Kib.FromGiB(1), reason), 0)));
        Assert.That(await host.ServedByAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task Threads_without_end_delay_no_neighbour_and_end_the_process_at_its_limit()
    {
        await using var host = new IsolatedHost();
        await host.ServedByAsync();
        await host.CallInnocentAsync();
        var alone = await host.CallInnocentAsync();
        var attack = host.ReachAsync("threads");

        var during = await host.CallInnocentAsync();

        var outcome = await attack;
        Assert.That(during, Is.LessThan(IsolatedHost.SlowestOf(alone)));
        // What ends first: the memory for stacks, or the tasks that the machine allows.
        Assert.That((outcome.Kind, outcome.Reason), Is.EqualTo((OutcomeKind.Failed, "the plugin's process ran out of memory: its limit is reached")).Or.EqualTo((OutcomeKind.Failed, "OutOfMemoryException: Insufficient memory to continue the execution of the program.")));
        Assert.That(await host.ServedByAsync(), Is.Positive);
        Assert.That((await host.StatusAsync()).Faults, Is.EqualTo(1));
    }

    [Test]
    public async Task A_release_that_throws_and_an_end_that_never_returns_hold_nothing()
    {
        int process;
        await using (var host = new IsolatedHost(actors: "never-ends"))
        {
            Outcome outcome;
            do
                outcome = await host.ReachAsync("", "never-ends");
            while (!outcome.Reason.StartsWith("in process ", StringComparison.Ordinal));
            process = int.Parse(outcome.Reason["in process ".Length..], System.Globalization.CultureInfo.InvariantCulture);
            Assert.That(async () => await host.ReleaseAsync("never-ends"), Throws.Exception.With.Message.Contains("on release"));
            Assert.That((await host.StatusAsync()).LastFault, Does.StartWith("on release: "));
        }

        while (Directory.Exists($"/proc/{process}"))
            await Task.Yield();
    }

    [Test]
    public async Task It_reaches_the_keys_of_its_domain_and_releases_it()
    {
        await using var host = new IsolatedHost();

        await host.ReleaseAsync();

        Assert.That(await host.ReadAsync("data/released"), Is.EqualTo("yes"));
    }

    [TestCase("endless-constructor", "was not ready 10 s after its start")]
    [TestCase("exiting-constructor", "cannot be loaded: its process ended on its own with exit code 0")]
    [TestCase("spinning-initializer", "was not ready 10 s after its start")]
    // Its end is described as a stack overflow, unless the machine is so busy that its time is up first.
    [TestCase("recursive-constructor", "cannot be loaded: its process ")]
    public async Task A_plugin_whose_constructor_never_ends_delays_nobody_and_is_refused(string actor, string reason)
    {
        var log = new LinesOfLog(line => line.Contains(reason, StringComparison.Ordinal));
        await using var host = new IsolatedHost(actors: actor, log: log);

        Assert.That(await host.ReachAsync("0", "sample", new CancellationTokenSource(TimeSpan.FromMilliseconds(1)).Token).ContinueWith(run => run.IsCanceled), Is.True);
        await log.Found.WaitAsync(IsolatedHost.Soon, TimeProvider.System);
        Assert.That((await host.StatusAsync()).Problems, Has.Some.Contains(reason));
    }

    [Test]
    public async Task A_stopped_host_leaves_no_process_and_no_files()
    {
        int process;
        await using (var host = new IsolatedHost())
            process = await host.ServedByAsync();

        // A stop does not wait for the kernel.
        while (Directory.Exists($"/proc/{process}") || Directory.EnumerateDirectories(Path.GetTempPath(), $"actors-plugin-{process}-*").Any())
            await Task.Yield();
    }

    private static async Task SignalAsync(int process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process}"]);
        await kill.WaitForExitAsync();
    }

    private sealed class LinesOfLog(Func<string, bool> wanted) : IActorLog
    {
        private readonly TaskCompletionSource _found = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Found => _found.Task;

        public void Debug(string message) => Add(message);

        public void Info(string message) => Add(message);

        public void Warn(string message) => Add(message);

        private void Add(string message)
        {
            if (wanted(message))
                _found.TrySetResult();
        }
    }
}
