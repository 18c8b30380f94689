using Actors.Dispatch.Domains;
using Actors.Dispatch.Runs;
using Actors.Dispatch.State;
using Actors.Dispatch.Tests.Calls;
using Actors.Sdk;
using Actors.XenStore;
using Actors.XenStore.Embedded;

namespace Actors.Dispatch.Tests.Runs;

/// <summary>Who wins depends on the order of the writes, which is the order of the events.</summary>
internal sealed class SecondWriterTests
{
    private const string Target = "/local/domain/1/memory/target";

    private static readonly Kib First = Kib.FromMiB(512);
    private static readonly Kib Second = Kib.FromMiB(600);

    private readonly ManualTime _time = new();
    private IXenStore _store = null!;
    private BalloonTargetKey _key = null!;
    private SecondWriter _writer = null!;

    [SetUp]
    public async Task BeginAsync()
    {
        _store = new EmbeddedXenStore().Connect(0);
        (_key, _writer) = Make();
        await _key.WriteAsync("100", default);
        _writer.ReportBalloonTargetChanged();
        Assert.That(await _writer.FindAsync(First, default), Is.Null);
        _time.Advance(TimeSpan.FromSeconds(2));
    }

    [TearDown]
    public async Task CloseAsync() => await _store.DisposeAsync();

    [Test]
    public async Task What_is_written_after_the_target_wins()
    {
        _writer.ReportTargetWritten();
        await WriteForeignAsync("200");

        Assert.That((await _writer.FindAsync(Second, default))?.Value, Is.EqualTo("200"));
        Assert.That(await LeftAloneAsync(), Is.EqualTo("200"));
    }

    [Test]
    public async Task What_is_written_before_the_target_is_overridden_for_good()
    {
        await WriteForeignAsync("200");
        _writer.ReportTargetWritten();

        Assert.That(await _writer.FindAsync(First, default), Is.Null);
        Assert.That(_key.Own, Is.EqualTo("200"), "or the next daemon would take it for another program's");
        var (_, next) = Make();
        await next.LoadAsync(StateOf(First, null), default);
        Assert.That(await next.FindAsync(First, default), Is.Null);
    }

    [Test]
    public async Task Soon_after_a_write_of_ours_a_target_is_carried_out_before_anything_is_compared()
    {
        await _key.WriteAsync("300", default);
        await WriteForeignAsync("200");
        _writer.ReportTargetWritten();

        Assert.That(await _writer.FindAsync(Second, default), Is.Null);
        Assert.That(_writer.MustCompare, "the monitor requests it again");
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.That(await _writer.FindAsync(Second, default), Is.Null, "the target came later and wins");
        Assert.That((_key.Own, _writer.MustCompare), Is.EqualTo(("200", false)));
    }

    [Test]
    public async Task Soon_after_a_write_of_ours_another_programs_value_still_wins_over_an_older_target()
    {
        _writer.ReportTargetWritten();
        await _key.WriteAsync("300", default);
        await WriteForeignAsync("200");

        Assert.That((await _writer.FindAsync(Second, default))?.Value, Is.EqualTo("200"));
    }

    [TestCase("999999999999999999", 999999999999999999)]
    [TestCase("1000000000000000000", null)]
    [TestCase("lots", null)]
    public async Task Only_a_value_that_the_state_can_have_becomes_a_part_of_it(string value, long? inState)
    {
        await _key.WriteAsync(value, default);

        Assert.That(_key.Written?.Value, Is.EqualTo(inState));
        Assert.That(StateKey.Parse((StateOf(First, _key.Written) with { Reason = "" }).ToString())?.BalloonTarget, Is.EqualTo(_key.Written));
    }

    [Test]
    public async Task What_the_state_says_that_actors_wrote_is_ours_for_the_next_daemon()
    {
        await WriteUnrecordedAsync(First);
        var (_, next) = Make();
        await next.LoadAsync(StateOf(First, First), default);

        Assert.That(await next.FindAsync(First, default), Is.Null);
        await WriteForeignAsync("200", next);
        Assert.That((await next.FindAsync(First, default))?.Value, Is.EqualTo("200"));
    }

    [Test]
    public async Task Another_value_than_the_one_in_the_state_was_written_by_another_program()
    {
        await WriteUnrecordedAsync(First);
        await _store.WriteTextAsync(Target, "200");
        var (_, next) = Make();
        await next.LoadAsync(StateOf(First, First), default);

        Assert.That((await next.FindAsync(First, default))?.Value, Is.EqualTo("200"));
    }

    [Test]
    public async Task A_daemon_that_was_killed_before_it_wrote_the_state_leaves_nothing_alone()
    {
        await WriteUnrecordedAsync(Second);
        var (_, next) = Make();
        await next.LoadAsync(StateOf(Second, First), default);

        Assert.That(await next.FindAsync(Second, default), Is.Null);
        await WriteForeignAsync("200", next);
        Assert.That((await next.FindAsync(Second, default))?.Value, Is.EqualTo("200"));
    }

    [Test]
    public async Task A_different_target_without_an_event_was_written_too()
    {
        await WriteForeignAsync("200");
        await _writer.FindAsync(First, default);

        Assert.That(await _writer.FindAsync(Second, default), Is.Null);
        Assert.That(await LeftAloneAsync(), Is.Null);
    }

    [Test]
    public async Task What_was_found_stays_until_the_target_is_written()
    {
        await WriteForeignAsync("200");
        await _writer.FindAsync(First, default);
        await WriteForeignAsync("100");
        Assert.That((await _writer.FindAsync(First, default))?.Value, Is.EqualTo("200"), "even if the old value comes back");

        _writer.ReportTargetWritten();
        Assert.That(await _writer.FindAsync(First, default), Is.Null);
    }

    [Test]
    public async Task An_error_forgets_nothing()
    {
        await WriteForeignAsync("200");
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        await Assert.ThatAsync(async () => await _writer.FindAsync(First, cancelled.Token), Throws.InstanceOf<OperationCanceledException>());

        Assert.That((await _writer.FindAsync(First, default))?.Value, Is.EqualTo("200"));
    }

    [Test]
    public async Task A_value_that_a_run_replaced_while_it_was_stopped_is_written_again()
    {
        await WriteForeignAsync("200");
        await _writer.FindAsync(First, default);
        await _key.WriteAsync("300", default);

        await _writer.RestoreAsync(default);

        Assert.That(await _store.ReadTextAsync(Target), Is.EqualTo("200"));
    }

    [Test]
    public async Task Without_a_value_of_ours_nobody_is_a_second_writer()
    {
        await _writer.ForgetAsync(default);
        await WriteForeignAsync("200");

        Assert.That(await _writer.FindAsync(First, default), Is.Null);
    }

    private (BalloonTargetKey Key, SecondWriter Writer) Make()
    {
        var key = new BalloonTargetKey(_store, _time, 1) { Watched = true };
        return (key, new SecondWriter(key, _store, _time, 1));
    }

    private async Task WriteForeignAsync(string value, SecondWriter? writer = null)
    {
        await _store.WriteTextAsync(Target, value);
        (writer ?? _writer).ReportBalloonTargetChanged();
    }

    // The target itself needs no record.
    private async Task WriteUnrecordedAsync(Kib target)
    {
        await _key.ForgetAsync(default);
        _key.Target = target;
        await _key.WriteAsync($"{target.Value}", default);
        Assert.That(await _store.TryReadTextAsync(PolicyKeys.Of(1, PolicyKeys.BalloonTarget)), Is.Null);
    }

    private static StateKey StateOf(Kib target, Kib? written) =>
        new() { Outcome = StateKey.Reached, Since = DateTimeOffset.UnixEpoch, Serial = 1, Target = target, BalloonTarget = written };

    private async Task<string?> LeftAloneAsync() => await _store.TryReadTextAsync(PolicyKeys.Of(1, PolicyKeys.LeftAlone));
}
