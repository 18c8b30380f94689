using Actors.Balloon;
using Actors.Sdk;
using Actors.Sdk.Testing;
using FsCheck;
using FsCheck.Fluent;

namespace Actors.Plugins.Tests.Balloon;

internal sealed class BalloonRecordTests
{
    [Test]
    public void A_written_record_reads_back_unchanged() => Prop.ForAll<(int Offset, int Found, int Max), long?>((one, yielded) =>
    {
        var record = new BalloonRecord
        {
            Offset = new Kib(one.Offset),
            Found = new Kib(one.Found),
            FoundMaxMem = new Kib(one.Max),
            Yielded = yielded % 1000,
        };
        return BalloonRecord.Parse(record.ToString()) == record;
    }).QuickCheckThrowOnFailure();

    [Test]
    public void Any_text_can_be_read_as_a_record() =>
        Prop.ForAll<string>(text => BalloonRecord.Parse(text) is not null).QuickCheckThrowOnFailure();

    [Test]
    public void The_text_of_a_record_names_only_known_fields() =>
        Assert.That(new BalloonRecord { Offset = new Kib(9216), Yielded = 4 }.ToString(), Is.EqualTo("offset=9216 yielded=4"));

    [Test]
    public void If_a_field_appears_twice_the_last_value_counts() =>
        Assert.That(BalloonRecord.Parse("offset=1 offset=2").Offset, Is.EqualTo(new Kib(2)));

    [TestCase("offset=x found=5")]
    [TestCase("offset= found=5")]
    [TestCase("xoffset=3 found=5")]
    public void A_malformed_field_is_unknown_and_the_others_are_read(string text) =>
        Assert.That(BalloonRecord.Parse(text), Is.EqualTo(new BalloonRecord { Found = new Kib(5) }));

    [Test]
    public void A_release_forgets_everything_except_the_offset()
    {
        var clock = new FakeClock();
        var domain = new FakeDomain(clock);
        var record = new BalloonRecord { Offset = new Kib(9216), Found = new Kib(1048576), FoundMaxMem = new Kib(1049600), Yielded = 4 };

        clock.Run(async () => await record.ForgetAsync(domain, default));

        Assert.That(domain.Store["memory-policy/balloon"], Is.EqualTo("offset=9216"));
    }
}
