using Actors.Dispatch.Decisions;
using Actors.Dispatch.Registry;
using Actors.Dispatch.Snapshots;
using Actors.Sdk;
using Actors.XenStore;
using NSubstitute;

namespace Actors.Host.Tests.Dispatch.Decisions;

internal sealed class DeciderTests
{
    private static readonly NodePermissions OwnedByDom0 = new(new(0, NodeAccess.None), new NodePermission(3, NodeAccess.Read));

    private static readonly DomainSnapshot Valid = new()
    {
        Domid = 3,
        Target = "524288",
        TargetPermissions = OwnedByDom0,
        StaticMax = "1048576",
        Info = Info(DomainState.Running),
    };

    [Test]
    public void A_valid_target_without_an_actor_key_goes_to_the_default_policy()
    {
        var plan = Accepted(Valid);

        Assert.Multiple(() =>
        {
            Assert.That(plan.Actor.Name, Is.EqualTo("balloon-then-paging"));
            Assert.That(plan.Request.Target, Is.EqualTo(Kib.FromMiB(512)));
            Assert.That(plan.Request.Floor, Is.EqualTo(Kib.FromMiB(232)));
        });
    }

    [Test]
    public void Xl_with_a_name_means_the_policy_and_a_bare_name_the_actor()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Accepted(With("xl:balloon")).Actor.IsPolicy);
            Assert.That(Accepted(With("balloon")).Actor.IsPolicy, Is.False);
            Assert.That(Accepted(With("balloon:gently")).Request.Argument, Is.EqualTo("gently"));
        });
    }

    [Test]
    public void A_domain_with_an_external_actor_is_left_alone() =>
        Assert.That(Decide(With("squeezed")), Is.EqualTo(new Decision.External("squeezed")));

    [Test]
    public void Without_a_target_there_is_nothing_to_do() =>
        Assert.That(Decide(Valid with { Target = null }), Is.TypeOf<Decision.Idle>());

    [TestCase("abc", "not a number")]
    [TestCase("-5", "not a number")]
    [TestCase("", "not a number")]
    [TestCase("12 ", "not a number")]
    [TestCase("99999999999999999999999", "not a number")]
    [TestCase("1048577", "above the domain's static-max of 1 GiB")]
    [TestCase("1000", "below the floor of 232 MiB (default for a static-max of 1 GiB)")]
    [TestCase("512", "a plain number is KiB: for 512 MiB write 524288")]
    [TestCase("0", "below the floor")]
    public void A_bad_target_is_rejected_with_the_reason(string target, string reason) =>
        Assert.That(Rejected(Valid with { Target = target }), Does.Contain(reason));

    [Test]
    public void The_floor_of_the_domain_comes_before_the_policys_and_the_default()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Rejected(With(floor: "600000")), Does.Contain("memory-policy/floor"));
            Assert.That(Accepted(With(floor: "65536") with { Target = "102400" }).Request.Floor, Is.EqualTo(Kib.FromMiB(64)));
            Assert.That(Rejected(With("xl:careful")), Does.Contain("policy 'careful'"));
        });
    }

    [TestCase(DomainState.Booting, true)]
    [TestCase(DomainState.Paused, true)]
    [TestCase(DomainState.Saving, true)]
    [TestCase(DomainState.ShutDown, false)]
    [TestCase(DomainState.Crashed, false)]
    [TestCase(DomainState.Dying, false)]
    public void A_domain_whose_memory_cannot_move_is_rejected_and_checked_again_if_it_may_recover(DomainState state, bool transient)
    {
        var decision = Decide(Valid with { Info = Info(state) });

        Assert.That(decision, Is.TypeOf<Decision.Refuse>().With.Property(nameof(Decision.Refuse.Transient)).EqualTo(transient));
    }

    [Test]
    public void The_memory_of_the_host_bounds_static_max()
    {
        var dom0 = Valid with { StaticMax = "17179869180", HostTotal = Kib.FromGiB(4) };
        Assert.Multiple(() =>
        {
            Assert.That(Accepted(dom0).Request.Floor, Is.EqualTo(Kib.FromMiB(424)));
            Assert.That(Rejected(dom0 with { Target = "4194305" }), Does.Contain("above the domain's static-max of 4 GiB"));
        });
    }

    [Test]
    public void A_key_that_a_guest_could_have_written_is_not_trusted()
    {
        var writable = new NodePermissions(new(0, NodeAccess.None), new NodePermission(3, NodeAccess.Both));
        var owned = new NodePermissions(new NodePermission(3, NodeAccess.None));
        Assert.Multiple(() =>
        {
            Assert.That(Rejected(Valid with { TargetPermissions = writable }), Does.Contain("memory-policy/target has permissions n0,b3"));
            Assert.That(Rejected(Valid with { TargetPermissions = owned }), Does.Contain("xenstore-chmod"));
            foreach (var key in new[] { "actor", "timeout", "floor" })
                Assert.That(Rejected(Valid with { Settings = DomainSettings.None with { Permissions = [(key, writable)] } }), Does.Contain($"memory-policy/{key}"));
        });
    }

    [TestCase("", "the actor key is empty")]
    [TestCase("xl:baloon", "did you mean 'balloon'?")]
    [TestCase("xl:unknown", "loaded: balloon, balloon-then-paging, careful, paging")]
    public void An_unknown_actor_is_rejected_with_the_known_names(string actor, string reason) =>
        Assert.That(Rejected(With(actor)), Does.Contain(reason));

    [TestCase("ten")]
    [TestCase("0")]
    [TestCase("-1")]
    public void An_invalid_timeout_is_rejected(string timeout) =>
        Assert.That(Rejected(With(timeout: timeout)), Does.Contain("memory-policy/timeout"));

    [Test]
    public void The_why_names_inputs_rule_and_limits() =>
        Assert.That(Accepted(Valid).Why, Is.EqualTo(
            "target 524288 KiB; actor key 'xl' (absent) means policy 'balloon-then-paging'; floor 232 MiB (default for a static-max of 1 GiB); "
            + "static-max 1 GiB; nothing clipped"));

    private static DomainSnapshot With(string? actor = null, string? timeout = null, string? floor = null) =>
        Valid with { Settings = new(actor, timeout, floor) };

    private static DispatchPlan Accepted(DomainSnapshot snapshot) => ((Decision.Act)Decide(snapshot)).Plan;

    private static string Rejected(DomainSnapshot snapshot) => ((Decision.Refuse)Decide(snapshot)).Reason;

    private static Decision Decide(DomainSnapshot snapshot)
    {
        var directory = new ActorDirectory("balloon-then-paging");
        var (actor, policy) = (Substitute.For<IActor>(), Substitute.For<IPolicy>());
        directory.SetActors([new("balloon", actor), new("paging", actor)]);
        directory.SetPolicies(
        [
            new("balloon-then-paging", policy),
            new("balloon", policy),
            new("careful", policy) { Floor = Kib.FromMiB(600) },
        ]);
        return Decider.Decide(snapshot, directory);
    }

    private static DomainInfo Info(DomainState state) => new()
    {
        Domid = 3,
        Uuid = Guid.Empty,
        Kind = DomainKind.Pvh,
        State = state,
        TotPages = Kib.FromGiB(1).ToPages(),
        MaxPages = Kib.FromGiB(1).ToPages(),
    };
}
