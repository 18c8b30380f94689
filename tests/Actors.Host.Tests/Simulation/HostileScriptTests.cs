using System.Diagnostics;
using System.Globalization;
using Actors.Dispatch.Domains;
using Actors.Dispatch.State;
using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Host.Tests.Simulation;

/// <summary>The real program with a hostile script of one domain next to the innocent scripts of others.</summary>
internal sealed class HostileScriptTests
{
    // It takes far longer than the limits, in one call that cannot be stopped: all values have the same hash code.
    private const string Prepares = "var all = new long[400_000]; for (var i = 0; i < all.Length; i++) all[i] = ((long)i << 32) | (uint)i; ";

    // The guard cannot see into Equals.
    private const string Overflows = "object a = 1, b = 1; for (var i = 0; i < 400_000; i++) { a = (a, 1); b = (b, 1); } ";

    private const string Scenario = """
        host: { memory: 4GiB }
        domains:
          - { name: attacked, memory: 256MiB, boot: 10ms, guest: { balloon: { rate: 800MiB/s } } }
          - { name: simple, memory: 256MiB, boot: 10ms, guest: { balloon: { rate: 800MiB/s } } }
          - { name: waiting, memory: 256MiB, boot: 10ms, guest: { balloon: { rate: 800MiB/s } } }
          - { name: condition, memory: 256MiB, boot: 10ms, guest: { balloon: { rate: 800MiB/s } } }
        """;

    private static readonly string[] Innocents = ["simple", "waiting", "condition"];

    // It should take 2 s. A busy machine needs longer to start processes.
    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(20);

    private CancellationTokenSource _deadline = null!;
    private ScratchFolder _folder = null!;
    private int _round;

    [SetUp]
    public void Open()
    {
        _deadline = new CancellationTokenSource(TimeSpan.FromMinutes(4), TimeProvider.System);
        _folder = new ScratchFolder();
        Directory.CreateDirectory(InFolder("policies"));
        File.WriteAllText(InFolder("sim.yaml"), Scenario);
        File.WriteAllText(InFolder("actors.yaml"), "\n");
        Put("simple.csx", "return await Run(\"balloon\");");
        Put("waiting.csx", "for (var i = 0; i < 10 && Shrinking; i++) await Wait(TimeSpan.FromMilliseconds(50)); return await Run(\"balloon\");");
        Put("condition.yaml", "steps: [ { actor: balloon, when: 'Host.Free > 1.MiB()' } ]");
    }

    [TearDown]
    public void Close()
    {
        _folder.Dispose();
        _deadline.Dispose();
    }

    [TestCase(Overflows + "return Unable(a.Equals(b).ToString());", "hostile.csx: the process of scripts ended in a stack overflow .*while this script ran")]
    [TestCase(Prepares + "return Unable(new HashSet<long>(all).Count.ToString());", "hostile.csx: the process of scripts ended itself: the script computed for 1 s in one call, which cannot be interrupted while this script ran")]
    [TestCase("await Run(\"balloon\", target: Footprint); " + Overflows + "return Unable($\"{a.Equals(b)}\");", "hostile.csx: the process of scripts ended in a stack overflow .*while this script ran")]
    [TestCase("return Unable(string.Join(new string('b', 900_000), new string[1000]).Length.ToString());", "hostile.csx: OutOfMemoryException: ")]
    [TestCase("try { while (true) { } } finally { while (true) { } }", "hostile.csx:1: stopped: it computed for 200 ms without an await")]
    public async Task It_gets_an_outcome_in_words_and_the_others_reach_their_targets_meanwhile(string text, string words)
    {
        Put("hostile.csx", text);
        using var daemon = await StartAsync();
        await using var store = await ConnectAsync();
        await UseAsync(store, "hostile");
        await AllReachAsync(store);

        await TargetAsync(store, 1, Kib.FromMiB(200));
        await AllReachAsync(store);

        var state = await StateAsync(store, 1, state => state.Final && state.Target == Kib.FromMiB(200));
        Assert.That(state.Outcome, Is.EqualTo("quarantined"));
        Assert.That(state.Reason, Does.Match($"{words}.*; the policy is out of service until hostile.csx changes"));
        await AllReachAsync(store);
        Put("hostile.csx", "return await Run(\"balloon\");");
        await TargetAsync(store, 1, Kib.FromMiB(190));
        await StateAsync(store, 1, state => state.Outcome == "reached");
        Assert.That(await daemon.StopAsync(_deadline.Token), Is.Zero);
    }

    [Test]
    public async Task A_condition_that_ends_the_process_fails_alone_and_its_chain_continues()
    {
        Put("hostile.yaml", $"steps: [ {{ actor: paging, when: '((Func<bool>)(() => {{ {Overflows} return a.Equals(b); }}))()' }}, {{ actor: balloon }} ]");
        using var daemon = await StartAsync();
        await using var store = await ConnectAsync();
        await UseAsync(store, "hostile");
        await AllReachAsync(store);

        await TargetAsync(store, 1, Kib.FromMiB(200));
        await AllReachAsync(store);

        Assert.That((await StateAsync(store, 1, state => state.Final && state.Target == Kib.FromMiB(200))).Outcome, Is.EqualTo("reached"), "the next step got the domain");
        await AllReachAsync(store);
        Assert.That(await daemon.StopAsync(_deadline.Token), Is.Zero);
    }

    [Test]
    public async Task A_script_that_does_not_stop_when_a_newer_target_cancels_it_is_out_of_service_and_the_domain_gets_its_next_target()
    {
        // The limits of a machine that is 20 times slower: the call could take 20 s.
        File.WriteAllText(InFolder("actors.yaml"), "script_time: 400s\n");
        Put("hostile.csx", Prepares + "await Wait(TimeSpan.FromMilliseconds(10)); return Unable(new HashSet<long>(all).Count.ToString());");
        using var daemon = await StartAsync();
        await using var store = await ConnectAsync();
        await UseAsync(store, "hostile");
        await AllReachAsync(store);
        await TargetAsync(store, 1, Kib.FromMiB(200));
        var runner = Process.GetProcessById(Runners(daemon).Single());
        for (var before = runner.TotalProcessorTime; runner.TotalProcessorTime - before < TimeSpan.FromSeconds(1); runner.Refresh())
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);

        await TargetAsync(store, 1, Kib.FromMiB(190));

        Assert.That((await StateAsync(store, 1, state => state.Final && state.Target == Kib.FromMiB(190))).Reason,
            Does.Match("hostile.csx: the script did not stop within 5 s of its cancellation; the policy is out of service until hostile.csx changes"));
        await store.WriteTextAsync(PolicyKeys.Of(1, PolicyKeys.Actor), "xl:simple", _deadline.Token);
        await StateAsync(store, 1, state => state.Outcome == "reached");
        await AllReachAsync(store);
        Assert.That(await daemon.StopAsync(_deadline.Token), Is.Zero);
    }

    [Test]
    public async Task The_process_of_scripts_can_be_killed_at_any_moment_and_no_target_is_lost()
    {
        using var daemon = await StartAsync();
        await using var store = await ConnectAsync();
        await UseAsync(store, "simple");
        await AllReachAsync(store);
        var random = new Random(1);
        for (var kill = 0; kill < 30; kill++)
        {
            var reaching = AllReachAsync(store);
            // Before a turn, in one, between two, and while the next process starts.
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(400)), TimeProvider.System);
            foreach (var runner in Runners(daemon))
                KillNow(runner);
            await reaching;
        }
        Assert.That(await daemon.StopAsync(_deadline.Token), Is.Zero);
        Assert.That(daemon.Log, Has.None.Contains("out of service"));
    }

    private static void KillNow(int process)
    {
        try
        {
            Process.GetProcessById(process).Kill();
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            // It has ended.
        }
    }

    private static IEnumerable<int> Runners(Daemon daemon) => daemon.Children.Where(child =>
    {
        try
        {
            return File.ReadAllText($"/proc/{child}/cmdline").Contains("script-runner", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    });

    private string InFolder(string name) => Path.Combine(_folder.Path, name);

    // Nothing sees half a file.
    private void Put(string file, string text)
    {
        File.WriteAllText(InFolder("new"), text);
        File.Move(InFolder("new"), Path.Combine(InFolder("policies"), file), overwrite: true);
    }

    private Task<Daemon> StartAsync() => Daemon.StartAsync(
        _deadline.Token, "--hypervisor", "sim", "--sim", InFolder("sim.yaml"), "--store-socket", InFolder("s"), "--journal", InFolder("journal"), "--plugins", ProgramFolder.Plugins,
        "--policies", InFolder("policies"), "--default-policy", "simple", "--config", InFolder("actors.yaml"));

    private Task<XenStoreClient> ConnectAsync() => XenStoreClient.ConnectAsync(XenStoreEndpoint.Socket(InFolder("s")), cancellation: _deadline.Token);

    // Once the policies are compiled.
    private async Task UseAsync(XenStoreClient store, string policyOfFirst)
    {
        string[] policies = [policyOfFirst, .. Innocents];
        while ((await store.ReadTextAsync($"{PolicyKeys.Host}/policies", _deadline.Token)).Split(' ', '\n') is var loaded && policies.Except(loaded).Any())
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, _deadline.Token);
        for (var domid = 1; domid <= policies.Length; domid++)
            await store.WriteTextAsync(PolicyKeys.Of(domid, PolicyKeys.Actor), $"xl:{policies[domid - 1]}", _deadline.Token);
    }

    private async Task TargetAsync(XenStoreClient store, int domid, Kib target) =>
        await store.WriteTextAsync(PolicyKeys.Of(domid, PolicyKeys.Target), target.Value.ToString(CultureInfo.InvariantCulture), _deadline.Token);

    private async Task AllReachAsync(XenStoreClient store)
    {
        var (target, began) = (Kib.FromMiB(250 - (_round++ % 50)), Stopwatch.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(2, Innocents.Length).Select(async domid =>
        {
            await TargetAsync(store, domid, target);
            await StateAsync(store, domid, state => state.Target == target && state.Final);
            Assert.That((await StateStore.TryReadAsync(store, domid, _deadline.Token))!.Outcome, Is.EqualTo("reached"), Innocents[domid - 2]);
        }));
        TestContext.Out.WriteLine($"innocent targets: {Stopwatch.GetElapsedTime(began).TotalSeconds:0.00} s");
        Assert.That(Stopwatch.GetElapsedTime(began), Is.LessThan(AtMost));
    }

    private async Task<StateKey> StateAsync(XenStoreClient store, int domid, Func<StateKey, bool> condition)
    {
        await using var watch = store.OpenWatchQueue();
        await watch.AddAsync(PolicyKeys.Of(domid, PolicyKeys.State), "state", _deadline.Token);
        while (true)
        {
            await watch.NextAsync(_deadline.Token);
            if (await StateStore.TryReadAsync(store, domid, _deadline.Token) is { } state && condition(state))
                return state;
        }
    }
}
