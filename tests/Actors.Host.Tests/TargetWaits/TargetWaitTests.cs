using Actors.Cli.CommandLine;
using Actors.Cli.TargetWaits;
using Actors.Dispatch.Domains;
using Actors.Dispatch.State;
using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Host.Tests.TargetWaits;

/// <summary>Waits on a store in which the test plays the daemon, on a virtual clock.</summary>
internal sealed class TargetWaitTests
{
    private static readonly Kib Target = Kib.FromMiB(512);

    [Test]
    public void The_wait_ends_with_the_run_that_was_already_working_on_the_target() => TestWorld.Run(async world =>
    {
        await WriteTargetAsync(world);
        await PublishAsync(world, StateKey.Running, serial: 7);
        await using var wait = new Scripted(world);
        var end = await wait.BeginAsync(limit: TimeSpan.FromSeconds(60));

        await world.AfterAsync(12);
        Assert.That(end.IsCompleted, Is.False);
        await PublishAsync(world, StateKey.Reached, serial: 7);

        Assert.That((await end).ExitCode, Is.EqualTo(ExitCode.Ok));
        Assert.That(world.Elapsed.TotalSeconds, Is.LessThan(13));
    });

    [Test]
    public void The_time_limit_counts_from_the_write() => TestWorld.Run(async world =>
    {
        await using var wait = new Scripted(world);
        var begun = world.Elapsed;
        var end = await await wait.BeginAsync(limit: TimeSpan.FromSeconds(2.5));

        Assert.That(end.Outcome, Is.EqualTo(WaitEnd.Timeout));
        Assert.That((world.Elapsed - begun).TotalSeconds, Is.EqualTo(2.5).Within(0.01));
    });

    [Test]
    public void A_newer_target_of_someone_else_ends_the_wait() => TestWorld.Run(async world =>
    {
        await using var wait = new Scripted(world);
        var end = await wait.BeginAsync();
        await PublishAsync(world, StateKey.Running, serial: 1);
        await world.DomainZero.WriteTextAsync(PolicyKeys.Of(Scripted.Domain, PolicyKeys.Target), "614400");

        Assert.That((await end).Reason, Does.Contain("600 MiB"));
    });

    [Test]
    public void A_removed_target_ends_the_wait() => TestWorld.Run(async world =>
    {
        await using var wait = new Scripted(world);
        var end = await wait.BeginAsync();
        await world.DomainZero.RemoveAsync(PolicyKeys.Of(Scripted.Domain, PolicyKeys.Target));

        Assert.That((await end).Outcome, Is.EqualTo(WaitEnd.Removed));
    });

    [Test]
    public void A_domain_that_ends_ends_the_wait() => TestWorld.Run(async world =>
    {
        await using var wait = new Scripted(world);
        var end = await wait.BeginAsync();
        await world.DomainZero.RemoveAsync(PolicyKeys.Domain(Scripted.Domain));

        Assert.That((await end).Outcome, Is.EqualTo(WaitEnd.DomainGone));
    });

    [Test]
    public void A_daemon_that_stays_away_ends_the_wait_and_one_that_is_restarted_does_not() => TestWorld.Run(async world =>
    {
        await using var wait = new Scripted(world);
        var end = await wait.BeginAsync();
        wait.DaemonRuns = false;
        await world.AfterAsync(8);
        wait.DaemonRuns = true;
        await world.AfterAsync(60);
        Assert.That(end.IsCompleted, Is.False, "the daemon came back after 8 s");

        wait.DaemonRuns = false;
        await world.AfterAsync(13);

        Assert.That(end.IsCompleted, Is.True);
        Assert.That((await end).ExitCode, Is.EqualTo(ExitCode.Unreachable));
        Assert.That((await end).Reason, Does.Contain("the daemon has stopped; the target stays"));
    });

    [Test]
    public void A_store_that_is_restarted_does_not_end_the_wait() => TestWorld.Run(async world =>
    {
        await using var wait = new Scripted(world);
        var end = await wait.BeginAsync();
        wait.StoreIsAway = true;
        await world.AfterAsync(5);
        wait.StoreIsAway = false;
        await PublishAsync(world, StateKey.Reached, serial: 1);

        Assert.That((await end).Outcome, Is.EqualTo(StateKey.Reached));
    });

    [Test]
    public void A_cancelled_wait_ends_at_once() => TestWorld.Run(async world =>
    {
        await using var wait = new Scripted(world);
        using var cancel = new CancellationTokenSource();
        var end = await wait.BeginAsync(cancellation: cancel.Token);
        await world.AfterAsync(3);
        cancel.Cancel();
        await world.AfterAsync(0.001);

        Assert.That(end.Status, Is.EqualTo(TaskStatus.Canceled), end.Exception?.ToString());
    });

    [Test]
    public void The_state_is_observed_at_every_change_and_once_a_second() => TestWorld.Run(async world =>
    {
        await using var wait = new Scripted(world);
        var end = await wait.BeginAsync();
        await PublishAsync(world, StateKey.Running, serial: 1);
        await world.AfterAsync(5);

        Assert.That(wait.Observed, Has.Count.InRange(6, 9));
        Assert.That(wait.Observed[^1]?.Outcome, Is.EqualTo(StateKey.Running));
        await PublishAsync(world, "drifted", serial: 1);
        Assert.That((await end).Outcome, Is.EqualTo("drifted"));
    });

    private static Task WriteTargetAsync(TestWorld world) =>
        world.DomainZero.WriteTextAsync(PolicyKeys.Of(Scripted.Domain, PolicyKeys.Target), $"{Target.Value}").AsTask();

    private static Task PublishAsync(TestWorld world, string outcome, long serial) => StateStore.WriteAsync(
        world.DomainZero, Scripted.Domain,
        new StateKey { Outcome = outcome, Target = Target, Footprint = Target, Since = world.Time.GetUtcNow(), Serial = serial, Reason = "why" },
        last: null, default).AsTask();

    /// <summary>A wait for a domain that exists only in the store.</summary>
    private sealed class Scripted : IAsyncDisposable
    {
        public const int Domain = 9;
        private readonly TestWorld _world;
        private readonly TargetWait _wait;

        public Scripted(TestWorld world) => (_world, _wait) = (world, new TargetWait(world.DomainZero, Domain, world.Time, _ =>
            StoreIsAway ? throw new XenStoreConnectionException("xenstored is away", RequestFate.NotSent) : ValueTask.FromResult(DaemonRuns)));

        public bool DaemonRuns { get; set; } = true;
        public bool StoreIsAway { get; set; }
        public List<StateKey?> Observed { get; } = [];

        /// <summary>Writes the target and begins to wait for it.</summary>
        public async Task<Task<WaitEnd>> BeginAsync(TimeSpan? limit = null, CancellationToken cancellation = default)
        {
            await _world.DomainZero.WriteTextAsync($"{PolicyKeys.Domain(Domain)}/name", "web", cancellation);
            var before = await _wait.StartAsync(cancellation);
            await WriteTargetAsync(_world);
            return _wait.RunAsync(new WaitRules(Target, before, UntilFinal: true), limit, Observed.Add, cancellation);
        }

        public ValueTask DisposeAsync() => _wait.DisposeAsync();
    }
}
