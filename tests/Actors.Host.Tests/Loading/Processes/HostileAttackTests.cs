using Actors.Sdk;

namespace Actors.Host.Tests.Loading.Processes;

/// <summary>More attacks of a plugin: each one has one consequence, costs the daemon little, and delays no other plugin.</summary>
internal sealed class HostileAttackTests
{
    private const string Protocol = "the plugin's process was killed: it broke the protocol: ";

    [TestCase("forged-length", Protocol + "a frame announces 2147483637 bytes")]
    [TestCase("forged-negative-length", Protocol + "a frame announces -9 bytes")]
    [TestCase("forged-reply", Protocol + "it answered the request 65535")]
    [TestCase("forged-metrics", Protocol + "it sent metrics that no plugin can have")]
    [TestCase("data-throws", "OddData: ")]
    [TestCase("huge-message", "InvalidOperationException: xxxxx")]
    [TestCase("huge-line", "WireException: a message of ")]
    [TestCase("huge-stack", "the plugin's process ran out of memory: its limit is reached")]
    [TestCase("async-recursion", "the plugin's process ran out of memory: its limit is reached")]
    [TestCase("finalizer-throws", "the plugin's process ended with an exception that nothing caught: System.InvalidOperationException: in a finalizer")]
    [TestCase("touch-shared", "the plugin's process was killed: it uses more shared memory than its limit")]
    [TestCase("fill-the-disk", "the plugin's process wrote a file that is larger than its limit (SIGXFSZ)")]
    public async Task It_fails_in_words_and_the_plugin_serves_again(string attack, string reason)
    {
        await using var host = new IsolatedHost();
        await host.ServedByAsync();
        var run = host.ReachAsync(attack);

        await host.CallInnocentAsync();

        var outcome = await run;
        Assert.That(outcome.Kind, Is.EqualTo(OutcomeKind.Failed), outcome.Reason);
        Assert.That(outcome.Reason, Does.StartWith(reason));
        Assert.That(await host.ServedByAsync(), Is.Positive);
        Assert.That((await host.StatusAsync()).Faults, Is.EqualTo(1));
    }

    [TestCase("bad-progress", "done")]
    [TestCase("log-escapes", "done")]
    [TestCase("many-requests", "written")]
    [TestCase("watches", "refused 4968")]
    [TestCase("map-100-gib", "done: -1")]
    [TestCase("ring", "failed")]
    [TestCase("memory-file", "failed")]
    [TestCase("clone3", "failed")]
    [TestCase("vfork", "failed")]
    [TestCase("queue-signal", "failed")]
    [TestCase("pidfd", "failed")]
    [TestCase("finalizer-spins", "done")]
    public async Task It_achieves_nothing_and_its_process_goes_on(string attack, string reason)
    {
        await using var host = new IsolatedHost();
        var before = await host.ServedByAsync();

        Assert.That((await host.ReachAsync(attack)).Reason, Is.EqualTo(reason));

        await host.CallInnocentAsync(calls: 1);
        Assert.That((await host.ServedByAsync(), (await host.StatusAsync()).Faults), Is.EqualTo((before, 0)));
    }

    [Test]
    public async Task A_domain_that_a_plugin_keeps_is_out_of_its_reach_after_the_call()
    {
        await using var host = new IsolatedHost();
        await host.ReachAsync("late");

        Assert.That((await host.ReachAsync("used-late")).Reason, Is.EqualTo("late: 100 refused"));
        Assert.That(await host.ReadAsync("data/late"), Is.Null);
    }

    [TestCase("endless-line")]
    [TestCase("failing-requests")]
    public async Task It_costs_the_daemon_no_memory(string attack)
    {
        await using var host = new IsolatedHost();
        await host.ServedByAsync();
        var before = GC.GetTotalMemory(forceFullCollection: true);

        await host.ReachAsync(attack);

        Assert.That(GC.GetTotalMemory(forceFullCollection: true) - before, Is.LessThan(16 << 20));
    }

    [TestCase("unobserved")]
    [TestCase("forged-faults")]
    public async Task Faults_without_end_are_reported_until_the_plugin_is_out_of_service_and_then_its_process_is_killed(string attack)
    {
        await using var host = new IsolatedHost();
        var process = await host.ServedByAsync();

        await host.ReachAsync(attack);

        while (Directory.Exists($"/proc/{process}"))
            await Task.Yield();
        Assert.That((await host.StatusAsync()).State, Is.EqualTo("quarantined"));
        Assert.That(
            host.Services.Journal.Where(entry => entry.Plugin == "hostile").Select(entry => entry.Outcome), Is.EqualTo(new[] { "fault", "fault", "fault", "quarantined" }));
        await host.CallInnocentAsync(calls: 1);
    }
}
