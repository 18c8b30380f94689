using Actors.Dispatch.Decisions;
using Actors.Dispatch.Registry;
using Actors.Sdk;
using Actors.XenStore;
using NSubstitute;

namespace Actors.Host.Tests.Plan;

internal sealed class DeciderTests
{
    private static readonly NodePermissions DomZeros = new(new(0, NodeAccess.None), new NodePermission(3, NodeAccess.Read));

    private static readonly DomainSnapshot Sound = new()
    {
        Domid = 3,
        Target = "524288",
        TargetPermissions = DomZeros,
        StaticMax = "1048576",
        Info = Info(DomainState.Running),
    };

    [Test]
    public void A_sound_target_goes_to_the_default_policy_when_no_actor_is_named()
    {
        var dispatch = Dispatched(Sound);

        Assert.Multiple(() =>
        {
            Assert.That(dispatch.Actor.Name, Is.EqualTo("balloon-then-paging"));
            Assert.That(dispatch.Request.Target, Is.EqualTo(Kib.FromMiB(512)));
            Assert.That(dispatch.Request.Floor, Is.EqualTo(Kib.FromMiB(232)));
        });
    }

    [Test]
    public void Xl_with_a_name_means_the_policy_and_a_bare_name_the_actor()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Dispatched(With("xl:balloon")).Actor.IsPolicy);
            Assert.That(Dispatched(With("balloon")).Actor.IsPolicy, Is.False);
            Assert.That(Dispatched(With("balloon:gently")).Request.Argument, Is.EqualTo("gently"));
        });
    }

    [Test]
    public void An_actor_that_is_not_ours_is_left_alone() =>
        Assert.That(Decide(With("squeezed")), Is.EqualTo(new Decision.External("squeezed")));

    [Test]
    public void No_target_is_nothing_to_do() =>
        Assert.That(Decide(Sound with { Target = null }), Is.TypeOf<Decision.Idle>());

    [TestCase("abc", "not a number")]
    [TestCase("-5", "not a number")]
    [TestCase("", "not a number")]
    [TestCase("12 ", "not a number")]
    [TestCase("99999999999999999999999", "not a number")]
    [TestCase("1048577", "above the domain's static-max of 1 GiB")]
    [TestCase("1000", "below the floor of 232 MiB (default for a static-max of 1 GiB)")]
    [TestCase("512", "a plain number is KiB: for 512 MiB write 524288")]
    [TestCase("0", "below the floor")]
    public void A_bad_target_is_refused_with_the_reason(string target, string reason) =>
        Assert.That(Refused(Sound with { Target = target }), Does.Contain(reason));

    [Test]
    public void The_domains_own_floor_comes_before_the_policys_and_the_default()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Refused(With(floor: "600000")), Does.Contain("memory-policy/floor"));
            Assert.That(Dispatched(With(floor: "65536") with { Target = "102400" }).Request.Floor, Is.EqualTo(Kib.FromMiB(64)));
            Assert.That(Refused(With("xl:careful")), Does.Contain("policy 'careful'"));
        });
    }

    [TestCase(DomainState.Booting, true)]
    [TestCase(DomainState.Paused, true)]
    [TestCase(DomainState.Saving, true)]
    [TestCase(DomainState.ShutDown, false)]
    [TestCase(DomainState.Crashed, false)]
    [TestCase(DomainState.Dying, false)]
    public void A_domain_that_cannot_be_moved_now_is_refused_and_looked_at_again_if_it_may_recover(DomainState state, bool waits)
    {
        var decision = Decide(Sound with { Info = Info(state) });

        Assert.That(decision, Is.TypeOf<Decision.Refuse>().With.Property(nameof(Decision.Refuse.Waits)).EqualTo(waits));
    }

    [Test]
    public void Nobody_has_more_than_the_machine_whatever_his_static_max_says()
    {
        var dom0 = Sound with { StaticMax = "17179869180", Machine = Kib.FromGiB(4) };
        Assert.Multiple(() =>
        {
            Assert.That(Dispatched(dom0).Request.Floor, Is.EqualTo(Kib.FromMiB(424)));
            Assert.That(Refused(dom0 with { Target = "4194305" }), Does.Contain("above the domain's static-max of 4 GiB"));
        });
    }

    [Test]
    public void A_key_that_a_guest_could_have_written_is_not_trusted()
    {
        var writable = new NodePermissions(new(0, NodeAccess.None), new NodePermission(3, NodeAccess.Both));
        var owned = new NodePermissions(new NodePermission(3, NodeAccess.None));
        Assert.Multiple(() =>
        {
            Assert.That(Refused(Sound with { TargetPermissions = writable }), Does.Contain("memory-policy/target has permissions n0,b3"));
            Assert.That(Refused(Sound with { TargetPermissions = owned }), Does.Contain("xenstore-chmod"));
            foreach (var key in new[] { "actor", "timeout", "floor" })
                Assert.That(Refused(Sound with { Settings = DomainSettings.None with { Permissions = [(key, writable)] } }), Does.Contain($"memory-policy/{key}"));
        });
    }

    [TestCase("", "the actor key is empty")]
    [TestCase("xl:baloon", "did you mean 'balloon'?")]
    [TestCase("xl:nobody", "loaded: balloon, balloon-then-paging, careful, paging")]
    public void An_actor_key_that_means_nobody_is_refused_with_what_there_is(string actor, string reason) =>
        Assert.That(Refused(With(actor)), Does.Contain(reason));

    [TestCase("ten")]
    [TestCase("0")]
    [TestCase("-1")]
    public void A_timeout_that_is_no_number_of_seconds_is_refused(string timeout) =>
        Assert.That(Refused(With(timeout: timeout)), Does.Contain("memory-policy/timeout"));

    [Test]
    public void The_why_tells_inputs_rule_and_limits() =>
        Assert.That(Dispatched(Sound).Why, Is.EqualTo(
            "target 524288 KiB; actor key 'xl' (absent) means policy 'balloon-then-paging'; floor 232 MiB (default for a static-max of 1 GiB); "
            + "static-max 1 GiB; nothing clipped"));

    private static DomainSnapshot With(string? actor = null, string? timeout = null, string? floor = null) =>
        Sound with { Settings = new(actor, timeout, floor) };

    private static DispatchPlan Dispatched(DomainSnapshot situation) => ((Decision.Act)Decide(situation)).Plan;

    private static string Refused(DomainSnapshot situation) => ((Decision.Refuse)Decide(situation)).Reason;

    private static Decision Decide(DomainSnapshot situation)
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
        return Decider.Decide(situation, directory);
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
