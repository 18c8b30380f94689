using Actors.Dispatch.Decisions;
using Actors.Dispatch.Registry;
using Actors.Dispatch.Snapshots;
using Actors.Sdk;
using Actors.XenStore;
using NSubstitute;

namespace Actors.Dispatch.Tests.Decisions;

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

    [TestCase("1048576")]
    [TestCase("237568")]
    public void A_target_equal_to_static_max_or_to_the_floor_is_accepted(string target) =>
        Assert.That(Accepted(Valid with { Target = target }).Request.Target.Value.ToString(null, null), Is.EqualTo(target));

    [TestCase("237567", " (237567 KiB) is below the floor of 232 MiB (default for a static-max of 1 GiB): the guest would run out of memory")]
    [TestCase("231", "the guest would run out of memory")]
    [TestCase("232", "the guest would run out of memory; a plain number is KiB: for 232 MiB write 237568")]
    [TestCase("1024", "the guest would run out of memory; a plain number is KiB: for 1024 MiB write 1048576")]
    [TestCase("1025", "the guest would run out of memory")]
    public void A_target_below_the_floor_may_have_been_meant_in_MiB(string target, string reason) =>
        Assert.That(Rejected(Valid with { Target = target }), Does.EndWith(reason));

    [Test]
    public void A_target_is_rejected_with_its_amount_in_KiB() =>
        Assert.That(Decide(Valid with { Target = "1048580" }), Is.EqualTo(
            new Decision.Refuse(new Kib(1048580), "the target 1 GiB (1048580 KiB) is above the domain's static-max of 1 GiB")));

    [Test]
    public void A_bad_key_is_quoted_without_control_characters_and_in_part()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Rejected(Valid with { Target = "a\u001b[2Jb" }), Is.EqualTo("the target 'a\\x1b[2Jb' is not a number of KiB in decimal digits"));
            Assert.That(Rejected(Valid with { Target = new string('x', 5000) }), Is.EqualTo($"the target '{new string('x', 32)}…' is not a number of KiB in decimal digits"));
        });
    }

    [TestCase("999999999999999999", "above the domain's static-max")]
    [TestCase("1000000000000000000", "not a number")]
    public void A_number_has_at_most_18_digits(string target, string reason) =>
        Assert.That(Rejected(Valid with { Target = target }), Does.Contain(reason));

    [Test]
    public void An_invalid_floor_or_static_max_is_rejected()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Rejected(With(floor: "1g")), Is.EqualTo("memory-policy/floor '1g' is not a number of KiB in decimal digits"));
            Assert.That(Rejected(Valid with { StaticMax = "1g" }), Is.EqualTo("memory/static-max '1g' is not a number of KiB; the toolstack must fix it"));
        });
    }

    [Test]
    public void Without_a_static_max_max_mem_is_the_maximum()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Rejected(Valid with { StaticMax = null, Target = "1048577" }), Does.EndWith("above the domain's static-max of 1 GiB"));
            Assert.That(Rejected(Valid with { StaticMax = null, Info = null }), Is.EqualTo("memory/static-max is missing, so the maximum of the domain is unknown"));
            Assert.That(Accepted(Valid with { Info = null }).Request.Target, Is.EqualTo(Kib.FromMiB(512)), "the hypervisor is not needed");
        });
    }

    [Test]
    public void The_host_bounds_static_max_only_where_it_has_less()
    {
        Assert.That(Rejected(Valid with { HostTotal = Kib.FromGiB(4), Target = "1048577" }), Does.EndWith("static-max of 1 GiB"));
    }

    [Test]
    public void The_tolerance_is_the_policys_or_1_MiB()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Accepted(Valid).Request.Tolerance, Is.EqualTo(Kib.FromMiB(1)));
            Assert.That(Accepted(With("balloon")).Request.Tolerance, Is.EqualTo(Kib.FromMiB(1)));
            Assert.That(Accepted(With("xl:coarse")).Request.Tolerance, Is.EqualTo(Kib.FromMiB(8)));
        });
    }

    [Test]
    public void A_timeout_is_1_second_to_30_days()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Accepted(Valid).PrimaryTimeout, Is.Null);
            Assert.That(Accepted(With(timeout: "1")).PrimaryTimeout, Is.EqualTo(TimeSpan.FromSeconds(1)));
            Assert.That(Accepted(With(timeout: "2592000")).PrimaryTimeout, Is.EqualTo(TimeSpan.FromDays(30)));
            Assert.That(Rejected(With(timeout: "2592001")), Is.EqualTo("memory-policy/timeout '2592001' is not a number of seconds (1 to 2592000)"));
        });
    }

    [Test]
    public void A_class_sets_what_the_domain_does_not_set_itself()
    {
        var databases = new DomainClass("db-*", "actors.yaml") { Actor = "xl:paging", TimeoutSeconds = 90, FloorKib = 400 << 10 };
        DomainSnapshot Named(string name, string? actor = null, string? timeout = null, string? floor = null) =>
            Valid with { Settings = new(actor, timeout, floor) { Name = name } };
        DispatchPlan Plan(DomainSnapshot snapshot) => ((Decision.Act)Decide(snapshot, databases)).Plan;

        Assert.Multiple(() =>
        {
            var ofClass = Plan(Named("db-1"));
            Assert.That((ofClass.Via, ofClass.PrimaryTimeout, ofClass.Request.Floor), Is.EqualTo(("xl:paging", TimeSpan.FromSeconds(90), Kib.FromMiB(400))));
            Assert.That(ofClass.Why, Does.Contain("actor key 'xl:paging' (class 'db-*' in actors.yaml)").And.Contain("floor 400 MiB (class 'db-*' in actors.yaml)"));
            var own = Plan(Named("db-1", "xl:balloon", "5", "300000"));
            Assert.That((own.Via, own.PrimaryTimeout, own.Request.Floor), Is.EqualTo(("xl:balloon", TimeSpan.FromSeconds(5), new Kib(300000))));
            Assert.That(Plan(Named("web-1")).Via, Is.EqualTo("xl"));
            Assert.That(Plan(Named("DB-1")).Via, Is.EqualTo("xl"), "case matters");
        });
        var refused = Decide(Named("db-1") with { Target = $"{300 << 10}" }, databases);
        Assert.That(refused, Is.TypeOf<Decision.Refuse>().With.Property("Reason").Contains("below the floor of 400 MiB (class 'db-*' in actors.yaml)"));
    }

    [Test]
    public void A_class_for_all_domains_does_not_lower_the_floor_of_dom0()
    {
        var everything = new DomainClass("*", "actors.yaml") { FloorKib = 1024 };
        var target = Valid with { Target = $"{100 << 10}", StaticMax = $"{4 << 20}", Settings = DomainSettings.None with { Name = "Domain-0" } };

        Assert.That(Decide(target with { Domid = 0, HostTotal = Kib.FromGiB(4) }, everything), Is.TypeOf<Decision.Refuse>());
        Assert.That(Decide(target, everything), Is.TypeOf<Decision.Act>());
    }

    [Test]
    public void A_shadow_decides_about_the_same_target_with_its_own_floor()
    {
        var careful = new PolicyEntry("careful", Substitute.For<IPolicy>()) { Floor = Kib.FromMiB(600) };
        Assert.Multiple(() =>
        {
            Assert.That(Decider.DecideFor(Valid, new ActorDirectory("none"), careful), Is.TypeOf<Decision.Refuse>());
            Assert.That(Decider.DecideFor(Valid with { Target = "614400" }, new ActorDirectory("none"), careful), Is.TypeOf<Decision.Act>()
                .With.Property("Plan").Property("Via").EqualTo("xl:careful").And.Property("Plan").Property("Request").Property("Argument").Empty);
            Assert.That(Decider.DecideFor(Valid with { Target = "lots" }, new ActorDirectory("none"), careful), Is.TypeOf<Decision.Idle>());
        });
    }

    [TestCase(DomainState.Booting, true, "the domain is still booting")]
    [TestCase(DomainState.Paused, true, "the domain is paused ('xl unpause' resumes it)")]
    [TestCase(DomainState.Saving, true, "the domain is being saved or migrated")]
    [TestCase(DomainState.ShutDown, false, "the domain is shut down")]
    [TestCase(DomainState.Crashed, false, "the domain has crashed")]
    [TestCase(DomainState.Dying, false, "the domain is dying")]
    public void A_domain_whose_memory_cannot_move_is_rejected_and_waits_if_it_may_recover(DomainState state, bool waits, string reason) =>
        Assert.That(Decide(Valid with { Info = Info(state) }), Is.EqualTo(new Decision.Refuse(Kib.FromMiB(512), reason, waits ? new Lack(LackKinds.DomainState) : null)));

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
            Assert.That(Rejected(Valid with { TargetPermissions = writable }), Is.EqualTo(
                "memory-policy/target has permissions n0,b3: a guest could have written it, so it is not trusted; "
                + "restore them with 'xenstore-chmod /local/domain/3/memory-policy/target n0 r3' and write the key again"));
            Assert.That(Rejected(Valid with { TargetPermissions = owned }), Does.Contain("xenstore-chmod"));
            foreach (var key in new[] { "actor", "timeout", "floor" })
                Assert.That(Rejected(Valid with { Settings = DomainSettings.None with { Permissions = [(key, writable)] } }), Does.Contain($"memory-policy/{key}"));
        });
    }

    [Test]
    public void The_permissions_of_the_target_are_checked_first()
    {
        var writable = new NodePermissions(new(0, NodeAccess.None), new NodePermission(3, NodeAccess.Both));

        Assert.That(Rejected(Valid with { TargetPermissions = writable, Settings = DomainSettings.None with { Permissions = [("floor", writable)] } }),
            Does.StartWith("memory-policy/target has permissions"));
    }

    [TestCase("", "the actor key is empty")]
    [TestCase("xl:baloon", "did you mean 'balloon'?")]
    [TestCase("xl:unknown", "the actor key 'xl:unknown' cannot be used: there is no policy or actor 'unknown'; loaded: balloon, balloon-then-paging, careful, coarse, paging")]
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

    [Test]
    public void The_why_names_an_actor_and_its_key() =>
        Assert.That(Accepted(With("balloon:gently")).Why, Is.EqualTo(
            "target 524288 KiB; actor key 'balloon:gently' means actor 'balloon'; floor 232 MiB (default for a static-max of 1 GiB); static-max 1 GiB; nothing clipped"));

    private static DomainSnapshot With(string? actor = null, string? timeout = null, string? floor = null) =>
        Valid with { Settings = new(actor, timeout, floor) };

    private static DispatchPlan Accepted(DomainSnapshot snapshot) => ((Decision.Act)Decide(snapshot)).Plan;

    private static string Rejected(DomainSnapshot snapshot) => ((Decision.Refuse)Decide(snapshot)).Reason;

    private static Decision Decide(DomainSnapshot snapshot) => Decide(snapshot, []);

    private static Decision Decide(DomainSnapshot snapshot, params IReadOnlyList<DomainClass> classes)
    {
        var directory = new ActorDirectory("balloon-then-paging");
        var (actor, policy) = (Substitute.For<IActor>(), Substitute.For<IPolicy>());
        directory.SetClasses(new DomainClasses(classes));
        directory.SetActors([new("balloon", actor), new("paging", actor)]);
        directory.SetPolicies(
        [
            new("balloon-then-paging", policy),
            new("balloon", policy),
            new("careful", policy) { Floor = Kib.FromMiB(600) },
            new("coarse", policy) { Tolerance = Kib.FromMiB(8) },
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
