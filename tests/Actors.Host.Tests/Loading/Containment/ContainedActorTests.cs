using Actors.Dispatch.State;
using Actors.Loading.Containment;
using Actors.Sdk;

namespace Actors.Host.Tests.Loading.Containment;

/// <summary>The misbehaviours of plugins and their consequences: the rows of docs/containment.md that need no threads.</summary>
internal sealed class ContainedActorTests
{
    private static readonly Kib Half = Kib.FromMiB(512);

    public static IEnumerable<TestCaseData> Misbehaviours => new (string Name, string Reason, int Faults, Func<IDomain, TargetRequest, CancellationToken, Task<Outcome>> Reach)[]
    {
        ("throws", "InvalidOperationException: its disk is on fire", 1, (_, _, _) => throw new InvalidOperationException("its disk is on fire")),
        ("throws later", "NotSupportedException: ever", 1, async (domain, _, _) =>
        {
            await domain.Store.ReadAsync("name");
            throw new NotSupportedException("ever");
        }),
        ("returns null", "the actor returned no outcome", 1, (_, _, _) => Task.FromResult<Outcome>(null!)),
        ("returns no task", "the actor returned no task", 1, (_, _, _) => null!),
        ("lies", "the actor reported 'reached' (all done), but the hypervisor reports 1 GiB, 512 MiB above the target", 1,
            (_, request, _) => Task.FromResult(Outcome.Reached(request.Target, "all done"))),
        ("says gone", "DomainGoneException: domain 1 does not exist (any more)", 1, (domain, _, _) => throw new DomainGoneException(domain.Identity.Domid)),
        ("cancels itself", "TaskCanceledException: A task was canceled.", 1, (_, _, _) => throw new TaskCanceledException()),
        ("exception that throws", "EvilException: its text cannot be read", 1, (_, _, _) => throw new EvilException()),
        ("huge array", "OutOfMemoryException: Array dimensions exceeded supported range.", 1, (_, _, _) => Task.FromResult(Outcome.Short(new Kib(new long[int.MaxValue].Length), ""))),
        ("ignores its cancellation", "the actor did not stop within 5 s of being cancelled, and was abandoned", 1, (_, _, _) => new TaskCompletionSource<Outcome>().Task),
        ("writes to another domain", "ArgumentException: '/local/domain/2/memory/target' leads out of the domain's subtree; give a path relative to /local/domain/1/ (Parameter 'path')", 1, async (domain, _, _) =>
        {
            await domain.Store.WriteAsync("/local/domain/2/memory/target", "1");
            return null!;
        }),
        ("writes the target", "ArgumentException: 'memory-policy/target' belongs to the toolstack and the host: an actor may only read it; its own keys belong in memory-policy/NAME (Parameter 'path')", 1, async (domain, _, _) =>
        {
            await domain.Store.WriteAsync("memory-policy/target", "1");
            return null!;
        }),
        ("floods the store", "flooded", 0, async (domain, _, _) =>
        {
            for (var key = 0; key < 2_000; key++)
                await domain.Store.WriteAsync($"data/flood/{key}", "garbage");
            return Outcome.Short(Kib.Zero, "flooded");
        }),
        ("throws in a timer", "Short", 1, async (domain, _, cancellation) =>
        {
            await using var timer = domain.Time.CreateTimer(_ => throw new InvalidOperationException("tick"), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
            await Task.Delay(TimeSpan.FromSeconds(2), domain.Time, cancellation);
            return Outcome.Short(Kib.Zero, "Short");
        }),
        ("an error of the hypervisor", "no such luck", 0, (_, _, _) => throw new MechanismException("no such luck")),
        ("stops when cancelled", "time is up after 10s: the footprint is 1 GiB, 512 MiB above the target", 0, async (domain, _, cancellation) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, domain.Time, cancellation);
            return null!;
        }),
    }.Select(row => new TestCaseData(row.Reason, row.Faults, row.Reach).SetArgDisplayNames(row.Name));

    [TestCaseSource(nameof(Misbehaviours))]
    public void It_has_one_consequence_and_the_next_step_gets_the_domain(
        string reason, int faults, Func<IDomain, TargetRequest, CancellationToken, Task<Outcome>> reach) => TestWorld.Run(async world =>
    {
        var host = await BadHost.StartAsync(world, reach);
        await using var dispatch = host.Dispatch;
        var domid = await world.CreateAsync("web-1");
        await world.SetAsync(domid, "timeout", "10");

        var state = await world.ReachAsync(domid, Half);

        Assert.Multiple(() =>
        {
            Assert.That((state.Outcome, state.Actor, state.Step), Is.EqualTo(("reached", "balloon", 2)));
            Assert.That(world.Journal.Single(entry => entry.Plugin is null).Steps[0].Reason, Is.EqualTo(reason));
            Assert.That(host.Health.Now.Total, Is.EqualTo(faults));
            Assert.That(world.Journal.Where(entry => entry.Plugin == "bad").Select(entry => entry.Outcome), Is.EqualTo(Enumerable.Repeat("fault", faults)));
        });
    });

    [Test]
    public void After_three_faults_in_a_row_the_plugin_is_not_called_until_it_is_back_in_service() => TestWorld.Run(async world =>
    {
        var calls = 0;
        var host = await BadHost.StartAsync(world, (_, _, _) => throw new InvalidOperationException($"number {++calls}"));
        await using var dispatch = host.Dispatch;
        var domid = await world.CreateAsync("web-1");
        foreach (var target in new[] { 600, 700, 800, 900 })
            await world.ReachAsync(domid, Kib.FromMiB(target));
        var steps = world.Journal.Last(entry => entry.Plugin is null).Steps;

        host.Health.Lift();
        await world.ReachAsync(domid, Half);

        Assert.Multiple(() =>
        {
            Assert.That((steps[0].Outcome, steps[0].Reason), Is.EqualTo(("quarantined",
                "plugin 'bad' is quarantined (3 faults in a row, the last: InvalidOperationException: number 3); 'actors plugin reload bad' puts it back into service")));
            Assert.That(steps[1], Has.Property("Actor").EqualTo("balloon").And.Property("Outcome").EqualTo("reached"));
            Assert.That(calls, Is.EqualTo(4));
            Assert.That(world.Journal.Where(entry => entry.Plugin is not null).Select(entry => entry.Outcome),
                Is.EqualTo(new[] { "fault", "fault", "fault", "quarantined", "lifted", "fault" }));
        });
    });

    [Test]
    public void A_domain_whose_actor_key_names_a_quarantined_plugin_gets_that_outcome() => TestWorld.Run(async world =>
    {
        var host = await BadHost.StartAsync(world, (_, _, _) => throw new InvalidOperationException("no"));
        await using var dispatch = host.Dispatch;
        host.Health.Ban("took everything");
        var domid = await world.CreateAsync("web-1");
        await world.SetAsync(domid, "actor", "bad");

        var state = await world.ReachAsync(domid, Half);

        Assert.That((state.Outcome, state.Actor, state.Reason, state.Engaged.Count), Is.EqualTo(
            ("quarantined", "bad", "plugin 'bad' is quarantined (took everything); 'actors plugin reload bad' puts it back into service; waiting for the actor or policy; retried automatically", 0)));
    });

    [Test]
    public void An_abandoned_call_cannot_reach_its_domain_any_more() => TestWorld.Run(async world =>
    {
        Task? late = null;
        var host = await BadHost.StartAsync(world, (domain, _, _) =>
        {
            late ??= WriteLateAsync(domain, world.Time);
            return new TaskCompletionSource<Outcome>().Task;
        });
        await using var dispatch = host.Dispatch;
        var domid = await world.CreateAsync("web-1");
        await world.SetAsync(domid, "timeout", "10");

        await world.ReachAsync(domid, Half);

        await Assert.ThatAsync(() => late!, Throws.InstanceOf<OperationCanceledException>());

        static async Task WriteLateAsync(IDomain domain, TimeProvider time)
        {
            await Task.Delay(TimeSpan.FromMinutes(1), time);
            await domain.Store.WriteAsync("memory/target", "1");
        }
    });

    [Test]
    public void Of_too_many_progress_reports_the_newest_is_used_and_a_note_says_so() => TestWorld.Run(async world =>
    {
        var host = await BadHost.StartAsync(world, async (domain, _, cancellation) =>
        {
            for (var i = 0; i < 100_000; i++)
                domain.Report(new Progress(new Kib(i), "\u001b[31m"));
            domain.Report(new Progress(new Kib(-1)));
            await Task.Delay(TimeSpan.FromSeconds(5), domain.Time, cancellation);
            return Outcome.Short(Kib.Zero, "that was all");
        });
        await using var dispatch = host.Dispatch;
        var domid = await world.CreateAsync("web-1");
        await world.SetTargetAsync(domid, Half);

        var state = await world.StateAsync(domid, state => state.Outcome == StateKey.Running);

        Assert.That(state.Reason, Is.EqualTo("bad is working: reports progress more than 100 times a second"));
    });

    [Test]
    public void Of_too_many_log_lines_twenty_a_second_pass_and_the_rest_is_counted()
    {
        var lines = new List<string>();
        TestWorld.Run(async world =>
        {
            var log = new ContainedLog(new Listener(lines), world.Time);
            for (var i = 0; i < 1000; i++)
                log.Info($"line\n{i}");
            await world.AfterAsync(1);
            log.Info("later");
        });

        Assert.That(lines.Take(2).Concat(lines.Skip(19)), Is.EqualTo(
            new[] { "line\\n0", "line\\n1", "line\\n19", "… 980 lines were dropped: an actor writes more than 20 a second", "later" }));
    }

    [Test]
    public void An_end_that_throws_or_never_returns_is_a_fault_and_delays_nothing() => TestWorld.Run(async world =>
    {
        foreach (var (end, fault) in new (Func<ValueTask>, string)[]
        {
            (() => throw new InvalidOperationException("mine"), "when it was disposed of: InvalidOperationException: mine"),
            (() => new ValueTask(new TaskCompletionSource().Task), "when it was disposed of: "),
        })
        {
            using var bad = PluginContainment.OnLoop(world.Services).Prepare("bad", onCallersThread: false);

            await bad.Contain(new ScriptedActor((_, _, _) => Task.FromResult(Outcome.Short(Kib.Zero, "no"))) { End = end }).DisposeAsync();

            Assert.That(bad.Health.Now.LastFault, Does.StartWith(fault));
        }
    });

    [Test]
    public void A_release_that_throws_is_a_fault_and_the_domain_gets_its_next_actor_anyway() => TestWorld.Run(async world =>
    {
        var host = await BadHost.StartAsync(world, new ScriptedActor((_, _, _) => Task.FromResult(Outcome.Short(Kib.Zero, "no")))
        {
            Release = (_, _) => throw new InvalidOperationException("mine"),
        });
        await using var dispatch = host.Dispatch;
        var domid = await world.CreateAsync("web-1");
        await world.ReachAsync(domid, Half);

        await world.SetAsync(domid, "actor", "balloon");
        var state = await world.StateAsync(domid, state => state.Final && state.Via == "balloon");

        Assert.That((state.Outcome, host.Health.Now.LastFault), Is.EqualTo(("reached", "on release: InvalidOperationException: mine")));
    });

    private sealed class EvilException : Exception
    {
        public override string Message => throw new InvalidOperationException();
    }

    private sealed class Listener(List<string> lines) : IActorLog
    {
        public void Debug(string message) => lines.Add(message);

        public void Info(string message) => lines.Add(message);

        public void Warn(string message) => lines.Add(message);
    }
}
