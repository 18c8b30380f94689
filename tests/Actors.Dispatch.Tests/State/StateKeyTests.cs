using System.Text;
using Actors.Dispatch.State;
using Actors.Sdk;
using FsCheck;
using FsCheck.Fluent;

namespace Actors.Dispatch.Tests.State;

internal sealed class StateKeyTests
{
    private static readonly StateKey Full = new()
    {
        Outcome = "reached",
        Actor = "paging",
        Step = 2,
        Target = new Kib(524288),
        Footprint = new Kib(524284),
        Since = new DateTimeOffset(2026, 1, 1, 0, 0, 34, 5, TimeSpan.Zero),
        Serial = 7,
        Via = "xl",
        Engaged = ["balloon", "paging"],
        Reason = "it said \"done\"",
    };

    private const string FullLine = "outcome=reached actor=paging step=2 target=524288 footprint=524284 since=2026-01-01T00:00:34.005Z serial=7 via=xl "
        + "engaged=balloon,paging reason=\"it said \\\"done\\\"\"";

    private const string EmptyLine = "outcome=running actor=- step=0 target=- footprint=- since=1970-01-01T00:00:00.000Z serial=0 via=- engaged=- reason=\"\"";

    [Test]
    public void It_is_one_readable_line() => Assert.That(Full.ToString(), Is.EqualTo(FullLine));

    [Test]
    public void What_actors_wrote_to_the_balloon_target_is_part_of_it()
    {
        var written = Full with { BalloonTarget = new Kib(520000), PageIns = 7 };

        Assert.That(written.ToString(), Is.EqualTo(FullLine.Replace("reason=", "balloon=520000 thrashing=7 reason=", StringComparison.Ordinal)));
        Assert.That(Same(StateKey.Parse(written.ToString())!, written));
    }

    [Test]
    public void What_is_missing_is_a_dash()
    {
        var empty = new StateKey { Outcome = "running", Since = DateTimeOffset.UnixEpoch, Serial = 0 };

        Assert.That(empty.ToString(), Is.EqualTo(EmptyLine));
        Assert.That(Same(StateKey.Parse(EmptyLine)!, empty));
    }

    [Test]
    public void Time_is_written_in_UTC() =>
        Assert.That((Full with { Since = new DateTimeOffset(2026, 1, 1, 2, 0, 34, 5, TimeSpan.FromHours(2)) }).ToString(), Is.EqualTo(FullLine));

    [Test]
    public void Only_running_is_not_final() => Assert.That(
        (Full.Final, (Full with { Outcome = StateKey.Running }).Final, (Full with { Outcome = StateKey.External }).Final), Is.EqualTo((true, false, true)));

    [Test]
    public void Every_kind_of_outcome_has_its_name() => Assert.That(
        Enum.GetValues<OutcomeKind>().Select(StateKey.NameOf), Is.EqualTo(new[] { "reached", "short", "unable", "superseded", "failed", "quarantined" }));

    [TestCase("tmem:a b")]
    [TestCase("tmem:a_b")]
    [TestCase("tmem:100%")]
    [TestCase("tmem:a%20b")]
    [TestCase("tmem:\"quoted\\\"")]
    [TestCase("xl:balloon")]
    public void An_actor_key_is_read_back_unchanged(string via) =>
        Assert.That(StateKey.Parse((Full with { Via = via }).ToString())!.Via, Is.EqualTo(via));

    [TestCase("\n", "\\n")]
    [TestCase("\u001b[2J", "\\x1b[2J")]
    [TestCase("\\\"", "\\\"")]
    [TestCase("\\\\n", "\\\\n")]
    public void A_reason_has_no_control_characters(string reason, string read) =>
        Assert.That(StateKey.Parse((Full with { Reason = reason }).ToString())!.Reason, Is.EqualTo(read));

    [Test]
    public void Half_a_letter_is_replaced() =>
        Assert.That(StateKey.Parse((Full with { Reason = new string('\ud800', 1) }).ToString())!.Reason, Is.EqualTo("\ufffd"));

    [TestCase("€")]
    [TestCase("\"")]
    [TestCase("\\")]
    [TestCase("x")]
    [TestCase("😀")]
    public void A_long_reason_is_cut_to_the_bytes_that_xenstore_takes(string letter)
    {
        var reason = string.Concat(Enumerable.Repeat(letter, 5000));
        var line = (Full with { Reason = reason }).ToString();

        Assert.That(Encoding.UTF8.GetByteCount(line), Is.InRange(StoreText.MaxBytes - 4, StoreText.MaxBytes));
        var read = StateKey.Parse(line)!.Reason;
        Assert.That(read, Does.EndWith("…"));
        Assert.That(reason, Does.StartWith(read[..^1]));
        Assert.That(Same(StateKey.Parse(line)!, Full with { Reason = read }), "nothing else is lost");
    }

    [Test]
    public void Even_the_longest_names_fit()
    {
        var names = Enumerable.Range(0, 100).Select(number => $"{number:000}{new string('a', 61)}").ToList();
        var line = (Full with { Actor = string.Join('/', names), Via = $"{names[0]}:{new string(' ', 256)}", Engaged = names, Reason = new string('x', 5000) }).ToString();

        Assert.That(Encoding.UTF8.GetByteCount(line), Is.LessThanOrEqualTo(StoreText.MaxBytes));
        var read = StateKey.Parse(line)!;
        Assert.That(read.Engaged, Is.EqualTo(names.TakeLast(23)), "the last ones, which are released first");
        Assert.That(Encoding.UTF8.GetByteCount(read.Actor), Is.LessThanOrEqualTo(256));
        Assert.That(read.Reason, Has.Length.GreaterThan(1000));
    }

    [Test]
    public void A_written_state_is_read_back_unchanged() => Prop.ForAll(States().ToArbitrary(), state =>
        Same(StateKey.Parse(state.ToString())!, state)).QuickCheckThrowOnFailure();

    // The edits stay near the grammar: most of them leave a line that differs from a valid one in a single place.
    [Test]
    public void A_damaged_line_is_no_state_or_one_that_is_read_back_unchanged() => Prop.ForAll(Damaged().ToArbitrary(), line =>
        StateKey.Parse(line) is not { } read || Same(StateKey.Parse(read.ToString())!, read)).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [TestCase("outcome=Reached")]
    [TestCase("outcome=")]
    [TestCase("outcome=-")]
    [TestCase("step=-")]
    [TestCase("step=1234567890")]
    [TestCase("step=٣")]
    [TestCase("target=")]
    [TestCase("target=-5")]
    [TestCase("target=1234567890123456789")]
    [TestCase("footprint=4k")]
    [TestCase("since=")]
    [TestCase("serial=-")]
    [TestCase("serial=1234567890123456789")]
    [TestCase("via=a b")]
    [TestCase("engaged=")]
    [TestCase("reason=\"open")]
    [TestCase("reason=none")]
    public void A_field_with_an_impossible_value_makes_the_line_invalid(string field)
    {
        var name = field[..field.IndexOf('=', StringComparison.Ordinal)];
        var fields = FullLine.Split(' ', 10);
        var line = string.Join(' ', fields.Select(old => old.StartsWith(name + "=", StringComparison.Ordinal) ? field : old));

        Assert.That(StateKey.Parse(line), Is.Null);
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase(" " + FullLine)]
    [TestCase(FullLine + " ")]
    [TestCase(FullLine + "\n")]
    public void Anything_around_the_line_makes_it_invalid(string? text) => Assert.That(StateKey.Parse(text), Is.Null);

    [Test]
    public void A_time_that_is_no_time_is_the_earliest_one() =>
        Assert.That(StateKey.Parse(FullLine.Replace("since=2026", "since=x", StringComparison.Ordinal))!.Since, Is.EqualTo(default(DateTimeOffset)));

    private static Gen<StateKey> States() =>
        from outcome in Gen.Elements("running", "external", "reached", "short", "unable", "superseded", "failed", "quarantined", "drifted")
        from actor in Names()
        from step in Gen.Choose(0, 999_999_999)
        from target in Amounts()
        from footprint in Amounts()
        from since in Gen.Choose(0, int.MaxValue)
        from serial in Gen.Choose(0, int.MaxValue)
        from via in Gen.Elements("", "xl", "xl:balloon", "tmem:cap=512", "tmem:a b", "tmem:50%25", "a:\"b\\")
        from engaged in Names().ListOf(4)
        from reason in Letters(" abz=\"\\-€😀٣").ListOf()
        select new StateKey
        {
            Outcome = outcome,
            Actor = actor,
            Step = step,
            Target = target,
            Footprint = footprint,
            Since = DateTimeOffset.UnixEpoch.AddSeconds(since),
            Serial = serial,
            Via = via,
            Engaged = [.. engaged.Where(name => name.Length > 0)],
            Reason = string.Concat(reason),
        };

    private static Gen<string> Damaged() =>
        from state in States()
        from edits in Edits().ListOf()
        select Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(edits.Take(3).Aggregate(state.ToString(), (line, edit) => edit(line))));

    private static Gen<Func<string, string>> Edits() =>
        from at in Gen.Choose(0, 400)
        from length in Gen.Choose(0, 4)
        from inserted in Letters(" =\"\\-,%0x9٣\n\u0085€").ListOf()
        select new Func<string, string>(line =>
        {
            var start = Math.Min(at, line.Length);
            return line[..start] + string.Concat(inserted.Take(2)) + line[Math.Min(start + length, line.Length)..];
        });

    private static Gen<string> Letters(string letters) => Gen.Elements(letters.EnumerateRunes().Select(letter => letter.ToString()).ToArray());

    private static Gen<string> Names() => Gen.Elements("", "balloon", "paging", "two-steps/balloon", "a.b_c-1");

    private static Gen<Kib?> Amounts() => Gen.Choose(-1, int.MaxValue).Select(value => value < 0 ? null : (Kib?)new Kib(value));

    private static bool Same(StateKey one, StateKey other) =>
        one with { Engaged = other.Engaged, Since = other.Since } == other && one.Engaged.SequenceEqual(other.Engaged)
        && one.Since.ToUnixTimeMilliseconds() == other.Since.ToUnixTimeMilliseconds();
}
