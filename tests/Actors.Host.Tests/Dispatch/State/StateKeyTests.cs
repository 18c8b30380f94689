using Actors.Dispatch.State;
using Actors.Sdk;
using FsCheck;
using FsCheck.Fluent;

namespace Actors.Host.Tests.Plan;

internal sealed class StateKeyTests
{
    [Test]
    public void It_is_one_line_that_a_person_can_read()
    {
        var state = new StateKey
        {
            Outcome = "reached",
            Actor = "paging",
            Step = 2,
            Target = new Kib(524288),
            Footprint = new Kib(524284),
            Since = new DateTimeOffset(2026, 1, 1, 0, 0, 34, TimeSpan.Zero),
            Serial = 7,
            Via = "xl",
            Engaged = ["balloon", "paging"],
            Reason = "it said \"done\"",
        };

        Assert.That(state.ToString(), Is.EqualTo(
            "outcome=reached actor=paging step=2 target=524288 footprint=524284 since=2026-01-01T00:00:34.000Z serial=7 via=xl "
            + "engaged=balloon,paging reason=\"it said \\\"done\\\"\""));
    }

    [Test]
    public void What_is_written_is_what_is_read_again() => Prop.ForAll<int, NonNull<string>, bool>((serial, reason, hasTarget) =>
    {
        var state = new StateKey
        {
            Outcome = "short",
            Actor = "balloon",
            Target = hasTarget ? new Kib(Math.Abs((long)serial)) : null,
            Footprint = new Kib(4),
            Since = DateTimeOffset.UnixEpoch,
            Serial = Math.Abs((long)serial),
            Via = "xl:balloon",
            Reason = new string([.. reason.Get.Where(c => !char.IsControl(c))]),
        };
        var read = StateKey.Parse(state.ToString())!;
        return read with { Engaged = state.Engaged } == state && read.Engaged.Count == 0;
    }).QuickCheckThrowOnFailure();

    [Test]
    public void Whatever_else_stands_there_is_no_state_and_no_exception() =>
        Prop.ForAll<string>(text => StateKey.Parse(text) is null).QuickCheckThrowOnFailure();
}
