using System.Diagnostics;
using System.Globalization;
using Actors.Loading.Containment;
using Actors.Sdk;

namespace Actors.Host.Tests.Loading.Containment;

/// <summary>Plugins that hold threads, in real time. Here they may hold one for a third of a second.</summary>
[NonParallelizable]
internal sealed class ThreadLaneTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);
    private static readonly TargetRequest Half = new() { Target = Kib.FromMiB(512) };
    private static readonly PluginLimits Limits = new() { ThreadHold = TimeSpan.FromMilliseconds(300), Memory = 64 << 20 };

    private static volatile bool _enough;

    private RealServices _services = null!;
    private PluginContainment _containment = null!;
    private ContainedPlugin _plugin = null!;

    [SetUp]
    public void Begin()
    {
        _enough = false;
        _services = new RealServices();
        _containment = PluginContainment.OnThreads(_services.Services, Limits);
        _plugin = _containment.Prepare("bad", onCallersThread: false);
    }

    [TearDown]
    public void End()
    {
        _enough = true;
        _plugin.Dispose();
        _containment.Dispose();
    }

    public static IEnumerable<TestCaseData> Spinners => new (string Name, Func<IDomain, TargetRequest, CancellationToken, Task<Outcome>> Reach)[]
    {
        ("at once", (_, _, _) => Spin()),
        ("after an await", async (domain, _, _) =>
        {
            await domain.Store.ReadAsync("name");
            return await Spin();
        }),
        ("after a delay", async (domain, _, _) =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), domain.Time);
            return await Spin();
        }),
    }.Select(row => new TestCaseData(row.Reach).SetArgDisplayNames(row.Name));

    private static IEnumerable<TestCaseData> Callers => new (string Name, Func<IDomain, TargetRequest, CancellationToken, Task<Outcome>> Reach)[]
    {
        ("reports progress", (domain, _, _) =>
        {
            while (!_enough)
                domain.Report(new Progress(Kib.Zero));
            return null!;
        }),
        ("waits for what it reads", (domain, _, _) =>
        {
            while (!_enough)
                domain.Store.ReadAsync("name").AsTask().Wait();
            return null!;
        }),
    }.Select(row => new TestCaseData(row.Reach).SetArgDisplayNames(row.Name));

    [TestCaseSource(nameof(Spinners))]
    public async Task Code_that_never_pauses_is_abandoned_with_the_lowest_priority(Func<IDomain, TargetRequest, CancellationToken, Task<Outcome>> reach)
    {
        var outcome = await ReachAsync(reach);

        Assert.That((outcome.Kind, outcome.Reason, _plugin.Health.Now.Total),
            Is.EqualTo((OutcomeKind.Failed, "held a thread for 300ms without a pause; it was abandoned together with its thread", 1)));
        await Assert.ThatAsync(() => HaveLowPriorityAsync(1), Is.True, "one thread has the lowest priority");
        _enough = true;
        await Assert.ThatAsync(() => HaveLowPriorityAsync(0), Is.True, "its thread serves no other code");
    }

    [TestCaseSource(nameof(Callers))]
    public async Task Code_that_calls_the_host_endlessly_is_abandoned_and_its_next_call_ends_it(Func<IDomain, TargetRequest, CancellationToken, Task<Outcome>> reach)
    {
        var thread = 0;
        var outcome = await ReachAsync((domain, request, cancellation) =>
        {
            thread = ThreadOfLinux();
            return reach(domain, request, cancellation);
        });

        Assert.That((outcome.Kind, outcome.Reason, _plugin.Health.Now.Total),
            Is.EqualTo((OutcomeKind.Failed, "held a thread for 300ms without a pause; it was abandoned together with its thread", 1)));
        await Assert.ThatAsync(() => IsEventuallyAsync(() => Nice($"/proc/self/task/{thread}") is null), Is.True, "its thread is gone");
    }

    [Test]
    public async Task Code_that_spins_when_it_is_cancelled_does_not_block_its_caller()
    {
        using var cancel = new CancellationTokenSource();
        var began = new TaskCompletionSource();
        var call = ReachAsync(async (_, _, cancellation) =>
        {
            var stopped = new TaskCompletionSource<Outcome>();
            cancellation.Register(() => Spin());
            began.SetResult();
            return await stopped.Task;
        }, cancel.Token);
        await began.Task;

        var begun = Stopwatch.GetTimestamp();
        cancel.Cancel();
        var took = Stopwatch.GetElapsedTime(begun);

        Assert.That(took, Is.LessThan(Limits.ThreadHold));
        Assert.That((await call).Kind, Is.EqualTo(OutcomeKind.Failed));
    }

    [Test]
    public async Task A_thread_that_waits_forever_is_abandoned_and_reported()
    {
        using var never = new ManualResetEventSlim();

        var outcome = await ReachAsync((_, _, _) =>
        {
            never.Wait();
            return Task.FromResult(Outcome.Short(Kib.Zero, "late"));
        });
        never.Set();

        Assert.That((outcome.Kind, outcome.Reason), Is.EqualTo((OutcomeKind.Failed,
            "held a thread for 300ms without a pause; it was abandoned together with its thread")));
    }

    [Test]
    public async Task While_twenty_calls_of_one_plugin_spin_another_plugin_is_served_at_once()
    {
        var bad = _plugin.Contain(new ScriptedActor((_, _, _) => Spin()));
        using var other = _containment.Prepare("good", onCallersThread: false);
        var good = other.Contain(new ScriptedActor(async (domain, _, _) =>
        {
            await domain.Store.WriteAsync("memory/target", "1");
            return Outcome.Short(Kib.Zero, "served");
        }));
        var calls = Enumerable.Range(0, 20).Select(_ => bad.ReachAsync(_services.Domain, Half, default)).ToList();

        var served = await good.ReachAsync(_services.Domain, Half, default).WaitAsync(Soon);
        var early = calls.Any(call => !call.IsCompleted);
        var outcomes = await Task.WhenAll(calls).WaitAsync(Soon);

        Assert.Multiple(() =>
        {
            Assert.That((served.Reason, early), Is.EqualTo(("served", true)));
            Assert.That(outcomes.Count(outcome => outcome.Kind == OutcomeKind.Quarantined), Is.GreaterThanOrEqualTo(20 - 2 * ThreadLane.MaxSlots));
            Assert.That(_plugin.Health.Now.Serves, Is.False);
        });
    }

    [Test]
    public async Task A_burst_of_calls_starts_no_more_threads_than_a_plugin_may_hold()
    {
        const int Calls = 1000;
        var begun = 0;
        var before = ThreadsOfPlugins();

        var served = await Task.WhenAll(Enumerable.Range(0, Calls).Select(_ => ReachAsync(async (domain, _, _) =>
        {
            Interlocked.Increment(ref begun);
            await domain.Store.ReadAsync("name");
            await Task.Delay(TimeSpan.FromMilliseconds(1), domain.Time);
            return Outcome.Short(Kib.Zero, "served");
        })));

        Assert.Multiple(() =>
        {
            Assert.That((begun, served.Count(outcome => outcome.Reason == "served")), Is.EqualTo((Calls, Calls)));
            Assert.That(ThreadsOfPlugins() - before, Is.LessThanOrEqualTo(ThreadLane.MaxSlots));
        });
    }

    [Test]
    public async Task An_async_void_that_throws_fails_the_call_that_it_began_in()
    {
        var outcome = await ReachAsync(async (domain, _, cancellation) =>
        {
            Forgotten(domain);
            await Task.Delay(Timeout.InfiniteTimeSpan, domain.Time, cancellation);
            return null!;
        });

        Assert.That((outcome.Kind, outcome.Reason, _plugin.Health.Now.Total), Is.EqualTo((OutcomeKind.Failed, "InvalidOperationException: forgotten", 1)));

        static async void Forgotten(IDomain domain)
        {
            await domain.Store.ReadAsync("name");
            throw new InvalidOperationException("forgotten");
        }
    }

    [Test]
    public async Task A_timer_of_the_domains_time_that_throws_fails_the_call()
    {
        var outcome = await ReachAsync(async (domain, _, cancellation) =>
        {
            await using var timer = domain.Time.CreateTimer(_ => throw new InvalidOperationException("tick"), null, TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
            await Task.Delay(Timeout.InfiniteTimeSpan, domain.Time, cancellation);
            return null!;
        });

        Assert.That(outcome.Reason, Is.EqualTo("InvalidOperationException: tick"));
    }

    [Test]
    public async Task Whatever_code_of_the_plugin_runs_is_recorded_before_it_begins()
    {
        var inHook = await _plugin.RunAsync(_ => Task.FromResult(_containment.Markers.Describe()));
        var inCall = await ReachAsync(_plugin, (_, _, _) => Task.FromResult(Outcome.Short(Kib.Zero, _containment.Markers.Describe())));

        Assert.That((inHook, inCall.Reason), Is.EqualTo(("in progress: running plugin 'bad'", "in progress: running plugin 'bad'")));
        Assert.That(_containment.Markers.Describe(), Does.StartWith("no plugin's code is known to run"));
    }

    [Test]
    public async Task A_plugin_that_exhausts_the_memory_is_out_of_service_at_once()
    {
        using var containment = PluginContainment.OnThreads(_services.Services, Limits with { ThreadHold = Soon });
        using var plugin = containment.Prepare("bad", onCallersThread: false);

        var outcome = await ReachAsync(plugin, async (domain, _, _) =>
        {
            var hoard = new List<byte[]>();
            while (!_enough)
            {
                // Slow and bounded: on a busy machine the watch must see the memory grow, and there must be some left.
                if (hoard.Count < 1024)
                    hoard.Add(new byte[1 << 20]);
                await Task.Delay(TimeSpan.FromMilliseconds(5), domain.Time);
                await domain.Store.ReadAsync("name");
            }
            return Outcome.Short(new Kib(hoard.Count), "");
        });

        Assert.Multiple(() =>
        {
            Assert.That(outcome.Kind, Is.EqualTo(OutcomeKind.Quarantined));
            Assert.That(outcome.Reason, Does.StartWith("plugin 'bad' is quarantined (allocated too much: the host's heap grew by").And.Contain("64 MiB is the limit"));
            Assert.That(_services.Journal.Select(entry => entry.Outcome), Is.EqualTo(new[] { "fault", "quarantined" }));
        });
    }

    [Test]
    public async Task A_call_without_misbehaviour_counts_nothing()
    {
        var outcome = await ReachAsync(async (domain, _, _) =>
        {
            await domain.Store.WriteAsync("memory-policy/mine", "1");
            await Task.Delay(TimeSpan.FromMilliseconds(1), domain.Time);
            return Outcome.Short(Kib.Zero, await domain.Store.ReadAsync("memory-policy/mine") ?? "");
        });

        Assert.That((outcome.Kind, outcome.Reason, outcome.Footprint, _plugin.Health.Now.Total), Is.EqualTo((OutcomeKind.Short, "1", Kib.FromGiB(1), 0)));
    }

    private Task<Outcome> ReachAsync(Func<IDomain, TargetRequest, CancellationToken, Task<Outcome>> reach, CancellationToken cancellation = default) =>
        ReachAsync(_plugin, reach, cancellation);

    private Task<Outcome> ReachAsync(ContainedPlugin plugin, Func<IDomain, TargetRequest, CancellationToken, Task<Outcome>> reach, CancellationToken cancellation = default) =>
        plugin.Contain(new ScriptedActor(reach)).ReachAsync(_services.Domain, Half, cancellation).WaitAsync(Soon, TimeProvider.System, CancellationToken.None);

    private static Task<Outcome> Spin()
    {
        while (!_enough)
        {
        }
        return Task.FromResult<Outcome>(null!);
    }

    private static int ThreadOfLinux() =>
        int.Parse(Path.GetFileName(File.ResolveLinkTarget("/proc/thread-self", returnFinalTarget: false)!.FullName), CultureInfo.InvariantCulture);

    // A list of threads that is read while others end may leave one out.
    private static Task<bool> HaveLowPriorityAsync(int threads) =>
        IsEventuallyAsync(() => Directory.EnumerateDirectories("/proc/self/task").Select(Nice).Count(nice => nice == 19) == threads);

    private static int ThreadsOfPlugins() => Directory.EnumerateDirectories("/proc/self/task").Count(task => NameOf(task) == "runs plugins");

    private static string NameOf(string task)
    {
        try
        {
            return File.ReadAllText($"{task}/comm").Trim();
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static async Task<bool> IsEventuallyAsync(Func<bool> state)
    {
        for (var begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begun) < Soon;)
        {
            if (state())
                return true;
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
        return false;
    }

    // The 19th word in a thread's line; null for one that is gone by now.
    private static int? Nice(string task)
    {
        try
        {
            var line = File.ReadAllText($"{task}/stat");
            return int.Parse(line[(line.LastIndexOf(')') + 2)..].Split(' ')[16], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
