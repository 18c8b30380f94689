using Actors.Dispatch.Decisions;
using Actors.Dispatch.Registry;
using Actors.Sdk;
using NSubstitute;

namespace Actors.Dispatch.Tests.Decisions;

/// <summary>A run goes on only while the keys request the same; any difference wakes the mailbox up for a new one.</summary>
internal sealed class DispatchPlanTests
{
    private static readonly DispatchPlan Plan = new(
        "balloon:gently", new PluginEntry("balloon", Substitute.For<IActor>()), new TargetRequest { Target = Kib.FromMiB(512), Argument = "gently", Floor = new Kib(4) },
        TimeSpan.FromSeconds(30), "because");

    [Test]
    public void The_same_request_is_the_same_whatever_its_serial_and_explanation()
    {
        var again = Plan with { Actor = new PluginEntry("balloon", ((PluginEntry)Plan.Actor).Actor), Request = Plan.Request with { Serial = 9 }, Why = "again" };

        Assert.That(Plan.IsSameRequest(again));
    }

    [Test]
    public void Any_other_difference_makes_it_a_new_request()
    {
        DispatchPlan[] others =
        [
            Plan with { Via = "balloon" },
            Plan with { Actor = new PluginEntry("balloon", Substitute.For<IActor>()) },
            Plan with { Request = Plan.Request with { Target = Kib.FromMiB(513) } },
            Plan with { Request = Plan.Request with { Argument = "" } },
            Plan with { Request = Plan.Request with { Floor = new Kib(8) } },
            Plan with { Request = Plan.Request with { Tolerance = new Kib(8) } },
            Plan with { PrimaryTimeout = null },
        ];

        Assert.That(others.Select(Plan.IsSameRequest), Is.All.False);
    }
}
