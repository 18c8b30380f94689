using Actors.Balloon;
using Actors.Sdk;
using static Actors.Plugins.Tests.Infos;

namespace Actors.Plugins.Tests.Balloon;

internal sealed class SecondWriterTests
{
    [Test]
    public void A_request_that_yielded_is_resumed_only_by_a_newer_request()
    {
        bool Owns(long serial, long current = 900) => SecondWriter.StillOwns(
            new BalloonRecord { Yielded = 4 }, Kib.FromMiB(current), Kib.FromMiB(503), Target(512, serial: serial));
        Assert.Multiple(() =>
        {
            Assert.That(Owns(serial: 4), Is.True);
            Assert.That(Owns(serial: 0), Is.True, "a chain that repeats the request does not make it newer");
            Assert.That(Owns(serial: 5), Is.False);
            Assert.That(Owns(serial: 4, current: 503), Is.False, "the other program restored our target");
        });
    }

    [Test]
    public void The_reason_names_both_values_and_what_to_do() =>
        Assert.That(SecondWriter.Reason(Kib.FromMiB(900), Kib.FromMiB(503)), Is.EqualTo(
            "another program (xl mem-set, another daemon?) wrote memory/target = 921600 (900 MiB) over memory/target = 515072 (503 MiB), so the balloon is left to it; "
            + "stop that program and set the target again to take the balloon back"));

    [Test]
    public void A_value_that_is_not_an_amount_is_called_unreadable() =>
        Assert.That(SecondWriter.Describe(null), Is.EqualTo("an unreadable memory/target"));
}
