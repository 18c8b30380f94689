using Actors.Dispatch.Calls;
using Actors.Sdk;
using NSubstitute;

namespace Actors.Dispatch.Tests.Calls;

internal sealed class StallWatchTests
{
    private ManualTime _time = null!;
    private IDomain _domain = null!;
    private CancellationTokenSource _stalled = null!;
    private Kib _footprint;
    private int _checks;

    [SetUp]
    public void Connect()
    {
        (_time, _domain, _stalled) = (new ManualTime(), Substitute.For<IDomain>(), new CancellationTokenSource());
        (_footprint, _checks) = (Kib.FromMiB(1000), 0);
        _domain.Time.Returns(_time);
        _domain.InspectAsync(default).ReturnsForAnyArgs(_ => ValueTask.FromResult(Checked()));
    }

    [TearDown]
    public void Close() => _stalled.Dispose();

    [Test]
    public async Task A_call_without_progress_is_cancelled_when_its_time_is_used_up()
    {
        await using var watch = new StallWatch(_domain, Kib.FromMiB(500), TimeSpan.FromSeconds(2), _stalled, default);

        _time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.That(_stalled.IsCancellationRequested, Is.False);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.That(_stalled.IsCancellationRequested);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.That(_checks, Is.EqualTo(5), "nothing checks a call that was cancelled");
    }

    [Test]
    public async Task A_call_that_makes_progress_may_go_on()
    {
        await using var watch = new StallWatch(_domain, Kib.FromMiB(500), TimeSpan.FromSeconds(2), _stalled, default);
        for (var check = 0; check < 40; check++)
        {
            _footprint -= Kib.FromMiB(1);
            _time.Advance(TimeSpan.FromSeconds(0.5));
        }

        Assert.That(_stalled.IsCancellationRequested, Is.False);
    }

    [Test]
    public async Task The_checks_end_with_the_call()
    {
        var watch = new StallWatch(_domain, Kib.FromMiB(500), TimeSpan.FromSeconds(2), _stalled, default);
        await watch.DisposeAsync();
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.That((_checks, _stalled.IsCancellationRequested), Is.EqualTo((1, false)));
    }

    [Test]
    public async Task The_checks_end_with_the_cancellation_of_the_caller()
    {
        using var caller = new CancellationTokenSource();
        await using var watch = new StallWatch(_domain, Kib.FromMiB(500), TimeSpan.FromSeconds(2), _stalled, caller.Token);
        caller.Cancel();
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.That((_checks, _stalled.IsCancellationRequested), Is.EqualTo((1, false)));
    }

    [Test]
    public async Task Nothing_of_the_watch_is_left_when_its_end_has_been_awaited()
    {
        var (pending, cancellation) = (new TaskCompletionSource<DomainInfo>(), default(CancellationToken));
        _domain.InspectAsync(default).ReturnsForAnyArgs(call =>
        {
            cancellation = call.Arg<CancellationToken>();
            return new ValueTask<DomainInfo>(pending.Task);
        });
        var watch = new StallWatch(_domain, Kib.FromMiB(500), TimeSpan.FromSeconds(2), _stalled, default);

        var end = watch.DisposeAsync().AsTask();
        Assert.That(end.IsCompleted, Is.False, "a check is still running");
        pending.SetResult(Info(_footprint));
        await end;
        Assert.That(() => cancellation.WaitHandle, Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public async Task A_domain_that_ends_is_not_a_stall()
    {
        await using var watch = new StallWatch(_domain, Kib.FromMiB(500), TimeSpan.FromSeconds(2), _stalled, default);
        _domain.InspectAsync(default).ReturnsForAnyArgs(_ => ValueTask.FromException<DomainInfo>(new DomainGoneException(3)));
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.That(_stalled.IsCancellationRequested, Is.False);
    }

    private DomainInfo Checked()
    {
        _checks++;
        return Info(_footprint);
    }

    private static DomainInfo Info(Kib footprint) => new()
    {
        Domid = 3,
        Uuid = Guid.Empty,
        Kind = DomainKind.Pvh,
        State = DomainState.Running,
        TotPages = footprint.ToPages(),
        MaxPages = Kib.FromGiB(1).ToPages(),
    };
}
