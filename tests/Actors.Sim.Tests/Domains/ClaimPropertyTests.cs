using Actors.Sdk;
using Actors.Sim.Domains;
using Actors.Sim.Machine;
using Actors.Sim.Memory;
using Actors.Sim.Specs;
using FsCheck;
using FsCheck.Fluent;

namespace Actors.Sim.Tests.Domains;

/// <summary>What holds for claims whatever domains do, in any order.</summary>
internal sealed class ClaimPropertyTests
{
    private const int Nodes = 3;
    private static readonly Pages Total = Kib.FromMiB(1900).ToPages();

    [Test]
    public void From_4_19_on_what_is_held_and_claimed_never_exceeds_memory() =>
        Check(new HostSpec { XenVersion = new Version(4, 19) }, nodes: 1, (machine, domains) =>
            Sum(domains, domain => domain.TotPages + domain.Claims.Outstanding) <= Total && machine.Free >= machine.Claimed);

    [Test]
    public void Before_4_19_claims_can_exceed_what_is_free_but_nothing_that_is_taken_does() =>
        Check(new HostSpec { XenVersion = new Version(4, 18) }, nodes: 1, (machine, domains) =>
            Sum(domains, domain => domain.TotPages) <= Total && machine.Free >= Pages.Zero);

    [Test]
    public void Sets_of_claims_hold_on_every_node() =>
        Check(new HostSpec { XenVersion = new Version(4, 22), ClaimSets = true, Nodes = Nodes }, Nodes, (machine, domains) =>
            Sum(domains, domain => domain.TotPages + domain.Claims.Outstanding) <= Total
            && Enumerable.Range(0, Nodes).All(node => OnNode(machine, domains, node))
            && Enumerable.Range(0, Nodes).Sum(machine.Nodes!.Free) == machine.Free.Value
            && domains.All(domain => Enumerable.Range(0, Nodes).Sum(node => domain.Account.Nodes!.Held(node)) == domain.TotPages.Value));

    private static bool OnNode(MachineMemory machine, List<SimulatedDomain> domains, int node) =>
        machine.Nodes!.Free(node) >= machine.Nodes.Claimed(node)
        && machine.Nodes.Claimed(node) == domains.Sum(domain => domain.Claims.On(node).Value)
        && domains.All(domain => domain.Account.Nodes!.Held(node) >= 0);

    private static void Check(HostSpec host, int nodes, Func<MachineMemory, List<SimulatedDomain>, bool> holds) =>
        Prop.ForAll(ArbMap.Default.ArbFor<(byte Operation, byte Amount, byte Other)[]>(), operations =>
        {
            var rules = ClaimRules.Of(host);
            var machine = new MachineMemory(Total, null, rules.FreedPagesGrow, nodes > 1 ? HostNodes.Evenly(Total.Value, nodes) : null);
            List<SimulatedDomain> domains =
            [
                .. Enumerable.Range(1, 3).Select(domid => new SimulatedDomain(
                    domid, Guid.Empty, Specs.Domain($"d{domid}", mebibytes: 500) with { StaticMax = Kib.FromMiB(900), Node = nodes > 1 && domid < 3 ? domid : null },
                    machine, claims: rules)),
            ];
            foreach (var (operation, amount, other) in operations)
            {
                Do(domains[operation % 3], operation / 3 % 6, new Pages(amount * 300), new Pages(other * 300));
                if (!holds(machine, domains) || machine.Claimed != Sum(domains, domain => domain.Claims.Outstanding))
                    return false;
            }
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    private static void Do(SimulatedDomain domain, int operation, Pages amount, Pages other)
    {
        try
        {
            Action act = operation switch
            {
                0 => () => domain.Inflate(PageClass.Free, amount),
                1 or 2 => () => domain.Deflate(amount),
                3 => () => domain.SetMaxMem((domain.TotPages + amount).ToKib()),
                4 => () => domain.Claims.Claim(domain.Claims.Outstanding > Pages.Zero ? Kib.Zero : (domain.TotPages + amount).ToKib()),
                _ => () => domain.Claims.Replace(new ClaimSet(amount.ToKib(), [other.ToKib(), amount.ToKib()])),
            };
            act();
        }
        catch (HypervisorException)
        {
            // More than is free, or than max_mem, or not in this version.
        }
    }

    private static Pages Sum(IEnumerable<SimulatedDomain> domains, Func<SimulatedDomain, Pages> of) =>
        domains.Aggregate(Pages.Zero, (sum, domain) => sum + of(domain));
}
