using Actors.Cli.CommandLine;
using Actors.Sdk;

namespace Actors.Host.Tests.Simulation;

/// <summary>What ends the daemon, and what remains of it: the real program, attacked by a plugin in its own process.</summary>
internal sealed class DaemonEndTests
{
    private HostileWorld _world = null!;

    [SetUp]
    public void Open() => _world = new HostileWorld();

    [TearDown]
    public void Close() => _world.Dispose();

    [Test]
    public async Task An_exit_that_a_plugin_requested_is_reported_with_a_status_of_its_own_and_the_second_one_leaves_the_plugin_out()
    {
        for (var death = 1; death <= 2; death++)
        {
            using var daemon = await _world.StartAsync();
            await using (var store = await _world.ConnectAsync())
            {
                if (death == 1)
                    await _world.AttackAsync(store, "exit");
                Assert.That(await daemon.EndAsync(_world.Deadline), Is.EqualTo(ExitCode.NotRequested));
            }
            Assert.That(daemon.Log, Has.Some.Contains("code in the daemon's process ended it with exit code 0, which nobody requested; in progress: running plugin 'hostile'"));
        }
        Assert.That(_world.Journal.Where(entry => entry.Name == "actors").Select(entry => entry.Outcome), Is.EqualTo(["ended", "ended"]));

        using var third = await _world.StartAsync();
        Assert.That(third.Log, Has.Some.Contains("it is left out, because 2 daemons in a row died while they were running plugin 'hostile' in their own process"));
        Assert.That(_world.Journal.Last(entry => entry.Plugin == "hostile").Reason, Does.StartWith("it is left out"));
        Assert.That(await third.StopAsync(_world.Deadline), Is.Zero);

        // A normal stop does not bring it back, another version does.
        using (var fourth = await _world.StartAsync())
        {
            Assert.That(fourth.Log, Has.Some.Contains("it is left out"));
            Assert.That(await fourth.StopAsync(_world.Deadline), Is.Zero);
        }
        _world.Put("hostile", version: "1.1");
        using var fifth = await _world.StartAsync();
        Assert.That(fifth.Log, Has.None.Contains("left out"));
        Assert.That(await fifth.StopAsync(_world.Deadline), Is.Zero);
    }

    [Test]
    public async Task A_starved_thread_pool_is_reported_and_ends_the_daemon_and_the_next_one_reaches_the_innocent_target()
    {
        var target = Kib.FromMiB(176);
        using (var daemon = await _world.StartAsync())
        {
            await using var store = await _world.ConnectAsync();
            await _world.RequestAsync(store, target);
            await _world.StateAsync(store, 2, state => !state.Final);
            await _world.AttackAsync(store, "block-pool");

            Assert.That(await daemon.EndAsync(_world.Deadline), Is.EqualTo(ExitCode.NotRequested));
            Assert.That(daemon.Log, Has.Some.Contains("the thread pool has run nothing for 4 s, so no target is acted on; ").And.Some.Contains("running plugin 'hostile'; the pool has "));
            Assert.That(daemon.Log, Has.Some.Contains("the thread pool has run nothing for 30 s, so the daemon ends"));
        }
        Assert.That(_world.Journal.Select(entry => entry.Outcome), Is.EqualTo(["starved", "ended"]));
        _world.Remove();

        using var next = await _world.StartAsync();
        await using var again = await _world.ConnectAsync();
        Assert.That((await _world.StateAsync(again, 2, state => state.Final && state.Target == target)).Outcome, Is.EqualTo("reached"));
    }

    [TestCase("block-pool")]
    [TestCase("spin")]
    [TestCase("ignore-cancellation")]
    public async Task A_stop_takes_seconds_whatever_a_plugin_holds(string attack)
    {
        using var daemon = await _world.StartAsync();
        await using var store = await _world.ConnectAsync();
        await _world.AttackAsync(store, attack);
        if (attack != "block-pool")
            await _world.StateAsync(store, 1, state => !state.Final);

        var before = TimeProvider.System.GetTimestamp();
        Assert.That(await daemon.StopAsync(_world.Deadline), Is.Zero);

        // The limit is 5 s, and before it was 20 s.
        Assert.That(TimeProvider.System.GetElapsedTime(before), Is.LessThan(TimeSpan.FromSeconds(10)));
    }

    [TestCase("spinning-initializer", "its initialisers and constructors did not end within 10 s")]
    [TestCase("endless-constructor", "its initialisers and constructors did not end within 10 s")]
    public async Task A_plugin_that_never_finishes_loading_delays_nothing_and_is_refused(string actor, string reason)
    {
        _world.Put(actor);
        using var daemon = await _world.StartAsync();
        await using var store = await _world.ConnectAsync();
        await _world.RequestAsync(store, Kib.FromMiB(255));

        Assert.That((await _world.StateAsync(store, 2, state => state.Final)).Outcome, Is.EqualTo("reached"));
        await daemon.LogsAsync(reason, _world.Deadline);
        Assert.That(await daemon.StopAsync(_world.Deadline), Is.Zero);
    }

    [Test]
    public async Task A_plugin_that_kills_the_daemon_while_it_is_loaded_is_left_out_at_the_third_start()
    {
        _world.Put("exiting-constructor");
        for (var death = 1; death <= 2; death++)
            Assert.That(await Daemon.RunAsync(_world.Line, _world.Deadline), Is.EqualTo(ExitCode.NotRequested));

        using var third = await _world.StartAsync();

        Assert.That(third.Log, Has.Some.Contains("2 daemons in a row died while they were loading plugin 'hostile' in their own process"));
        Assert.That(await _world.CommandAsync("plugin", "list"), Does.Contain("refused").And.Contain("it is left out"));
        // The operator tries it again, and learns that nothing has changed.
        await _world.CommandAsync("plugin", "reload", "hostile");
        Assert.That(await third.EndAsync(_world.Deadline), Is.EqualTo(ExitCode.NotRequested));
    }

    [TestCase("fail-fast")]
    [TestCase("overflow")]
    [TestCase("native-crash")]
    public async Task A_crash_leaves_no_time_for_words_but_the_next_daemon_knows_what_was_in_progress(string attack)
    {
        for (var death = 1; death <= 2; death++)
        {
            using var daemon = await _world.StartAsync();
            await using var store = await _world.ConnectAsync();
            if (death == 1)
                await _world.AttackAsync(store, attack);
            else
                Assert.That(daemon.Log, Has.Some.Contains("the previous daemon died while it was running plugin 'hostile' in its own process"));
            Assert.That(await daemon.EndAsync(_world.Deadline), Is.GreaterThan(128));
        }

        using var third = await _world.StartAsync();

        Assert.That(third.Log, Has.Some.Contains("it is left out"));
        Assert.That(await third.StopAsync(_world.Deadline), Is.Zero);
    }

    [Test]
    public async Task An_exception_that_nothing_caught_is_reported_with_the_status_of_an_end_that_nobody_requested()
    {
        using var daemon = await _world.StartAsync();
        await using var store = await _world.ConnectAsync();

        await _world.AttackAsync(store, "throw-elsewhere");

        Assert.That(await daemon.EndAsync(_world.Deadline), Is.EqualTo(ExitCode.NotRequested));
        Assert.That(daemon.Log, Has.Some.Contains("an exception that nothing caught ended the daemon: System.UnauthorizedAccessException").And.Some.Contains("in progress: running plugin 'hostile'"));
        Assert.That(_world.Journal[^1].Outcome, Is.EqualTo("ended"));
    }

    [Test]
    public async Task A_daemon_that_uses_more_memory_than_its_limit_says_so_and_keeps_serving()
    {
        _world.Configure("daemon_memory: 1MiB\n");
        using var daemon = await _world.StartAsync();

        await daemon.LogsAsync("of memory, more than 1 MiB ('daemon_memory' in actors.yaml)", _world.Deadline);

        await using var store = await _world.ConnectAsync();
        await _world.RequestAsync(store, Kib.FromMiB(255));
        Assert.That((await _world.StateAsync(store, 2, state => state.Final)).Outcome, Is.EqualTo("reached"));
        Assert.That(await daemon.StopAsync(_world.Deadline), Is.Zero);
    }
}
