using Actors.Dispatch.Decisions;
using Actors.Dispatch.Domains;
using Actors.Dispatch.DryRuns;
using Actors.Dispatch.Journal;
using Actors.Dispatch.Registry;
using Actors.Dispatch.Snapshots;
using Actors.Sdk;
using Actors.XenStore;
using NSubstitute;

namespace Actors.Dispatch.Tests.DryRuns;

internal sealed class ShadowsTests
{
    private static readonly DomainSnapshot Snapshot = new()
    {
        Domid = 3,
        Target = "524288",
        StaticMax = "1048576",
        TargetPermissions = new(new(0, NodeAccess.None), new NodePermission(3, NodeAccess.Read)),
    };

    [Test]
    public async Task A_shadow_is_compared_with_the_policy_that_serves()
    {
        var compared = await CompareAsync("serves", shadowed: []);

        Assert.That(compared, Is.EqualTo(new[] { new JournalShadow("observes", "balloon (1m)", "would give balloon 1m instead of 30s") }));
    }

    [Test]
    public async Task A_policy_that_serves_a_target_is_no_shadow_of_itself()
    {
        var compared = await CompareAsync("serves", shadowed: ["serves"]);

        Assert.That(compared.Select(shadow => shadow.Policy), Is.EqualTo(new[] { "observes" }));
    }

    // Every policy tries the balloon, each with another limit.
    private static async Task<IReadOnlyList<JournalShadow>> CompareAsync(string serving, string[] shadowed)
    {
        var directory = new ActorDirectory(serving) { AlsoShadows = shadowed };
        directory.SetPolicies([new PolicyEntry("serves", Policy(30)), new PolicyEntry("observes", Policy(60)) { Shadow = true }]);
        var services = new HostServices(
            Substitute.For<IXenStore>(), Substitute.For<IHypervisor>(), TimeProvider.System, Substitute.For<IJournal>(), _ => Substitute.For<IActorLog>());
        var domain = new HostDomain(new DomainIdentity(3, Guid.Empty, "web-1"), services, new Engagements([]));

        var shadows = await Shadows.DecideAsync(directory, Snapshot, Decider.Decide(Snapshot, directory), domain, default);

        return shadows.CompareWith([new StepResult(1, "balloon", Outcome.Reached(Kib.FromMiB(512), ""), TimeSpan.Zero)]);
    }

    private static IPolicy Policy(int seconds)
    {
        var policy = Substitute.For<IPolicy>();
        var step = new StepPreview(1, "balloon", StepPreview.Tries, new TimeLimits(TimeSpan.FromSeconds(seconds), null), "");
        policy.PreviewAsync(null!, null!, default).ReturnsForAnyArgs(new RunPreview([step], []));
        return policy;
    }
}
