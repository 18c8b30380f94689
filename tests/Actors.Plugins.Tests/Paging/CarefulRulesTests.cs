using Actors.Paging;
using Actors.Sdk;

namespace Actors.Plugins.Tests.Paging;

internal sealed class CarefulRulesTests
{
    [Test]
    public void Even_if_the_guest_touches_everything_every_three_seconds_the_first_step_stays_within_the_budget([Values(512, 4096, 65536)] int mebibytes)
    {
        var level = Kib.FromMiB(mebibytes);

        Assert.That(CarefulRules.Step(level, level).Value * 60 / 3, Is.LessThan(GentleRules.Budget(level).Value * 3 / 4));
    }

    [Test]
    public void Steps_grow_by_half_of_what_they_have_taken_up_to_half_of_the_budget()
    {
        var (begun, steps) = (Kib.FromGiB(4), new List<long>());
        for (var level = begun; steps.Count < 12; level -= new Pages(steps[^1]).ToKib())
            steps.Add(CarefulRules.Step(level, begun).Value);

        Assert.That(steps, Is.EqualTo(new[] { 32, 32, 32, 48, 72, 108, 162, 243, 364, 546, 819, 1045 }).Within(2));
    }

    [Test]
    public void The_limits_leave_room_for_three_steps_in_a_minute() => Assert.Multiple(() =>
    {
        Assert.That((CarefulRules.TooMany(Kib.FromGiB(4)), CarefulRules.Enough(Kib.FromGiB(4))), Is.EqualTo((new Pages(524), new Pages(262))));
        Assert.That((CarefulRules.MayTry(Kib.FromGiB(4), new Pages(524)), CarefulRules.MayTry(Kib.FromGiB(4), new Pages(525))), Is.EqualTo((true, false)));
        Assert.That(CarefulRules.Stay(Kib.FromGiB(4), new Pages(2000)), Is.EqualTo(Kib.FromGiB(4)));
        Assert.That(CarefulRules.Stay(Kib.FromGiB(4), new Pages(2100)), Is.EqualTo(new Kib((long)(Kib.FromGiB(4).Value * 0.02)) + Kib.FromGiB(4)));
    });

    [Test]
    public void A_record_survives_the_store_and_a_malformed_one_is_none() => Assert.Multiple(() =>
    {
        var record = new GentleRecord(Kib.FromGiB(2), Kib.FromMiB(3400), Kib.FromMiB(3200), new Pages(9000), DateTimeOffset.FromUnixTimeSeconds(1800000000)) { Checks = 3 };
        Assert.That(GentleRecord.Parse(record.ToString()), Is.EqualTo(record));
        Assert.That(new[] { null, "", "target=1", $"{record} more" }.Select(GentleRecord.Parse), Is.All.Null);
    });

    [Test]
    public void The_pause_between_two_checks_doubles_from_5_minutes_up_to_an_hour()
    {
        var record = new GentleRecord(Kib.Zero, Kib.Zero, Kib.Zero, Pages.Zero, DateTimeOffset.UnixEpoch);

        var minutes = new[] { 0, 1, 2, 3, 4, 1000 }.Select(checks => (int)((record with { Checks = checks }).NextCheck - record.At).TotalMinutes);

        Assert.That(minutes, Is.EqualTo(new[] { 5, 10, 20, 40, 60, 60 }));
    }
}
