using Actors.Sdk;
using Actors.Sim.Domains;
using Actors.Sim.Guests;
using Actors.Sim.Machine;
using Actors.Sim.Memory;
using Actors.Sim.Sharing;
using Actors.Sim.Specs;
using FsCheck;
using FsCheck.Fluent;

namespace Actors.Sim.Tests;

/// <summary>Properties that must hold whatever a mechanism does to a guest's memory, in any order.</summary>
internal sealed class MemoryPropertyTests
{
    private static readonly Pages Total = Kib.FromMiB(1700).ToPages();
    private static readonly PageClass[] Classes = Enum.GetValues<PageClass>();

    [TestCase(null)]
    [TestCase(BalloonPages.Random)]
    [TestCase(BalloonPages.Colocated)]
    [TestCase(BalloonPages.Superpages)]
    [TestCase(BalloonPages.Compacting)]
    public void Pages_are_neither_lost_nor_created(BalloonPages? pages) =>
        Prop.ForAll(ArbMap.Default.ArbFor<(byte Operation, byte Amount, byte Classes)[]>(), operations =>
        {
            var machine = new MachineMemory(Total, pages is null ? null : new HostFrames(Total.Value, allowed: true));
            var common = new SharedFrames(machine);
            List<SimulatedDomain> domains =
            [
                new(1, Guid.Empty, Of("a", DomainKind.Pvh, 600) with { StaticMax = Kib.FromMiB(1500) }, machine),
                new(2, Guid.Empty, Of("b", DomainKind.Hvm, 500), machine),
                new(3, Guid.Empty, Of("c", DomainKind.Pvh, 400), machine),
            ];
            if (pages is { } order)
                domains.ForEach(domain => domain.Memory.OrderBalloon(BalloonOrders.Of(order, new Random(domain.Domid))));
            foreach (var domain in domains)
                foreach (var kind in Classes.SkipLast(1))
                    domain.Use(PageClass.Free, kind, Kib.FromMiB(40).ToPages());
            foreach (var (operation, amount, classes) in operations)
                Do(common, domains[operation % 3], domains, operation / 3 % 14, new Pages(amount * 100), (PageClass)(classes % 6), (PageClass)(classes / 6 % 6));
            var held = HostHolds(machine, common, domains) && domains.All(Holds) && SharedFramesHold(common, domains);
            foreach (var domain in domains)
                domain.Destroy();
            return held && machine.Free == Total && machine.Claimed == Pages.Zero;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(pages == BalloonPages.Random ? 100 : 500));

    private static DomainSpec Of(string name, DomainKind kind, long mebibytes)
    {
        var spec = Specs.Domain(name, kind, mebibytes);
        var contents = new ContentSpec { Zero = Kib.FromMiB(5), Images = [("debian", Kib.FromMiB(60)), ("web", Kib.FromMiB(50))] };
        var tmem = new TmemSpec { Ephemeral = Kib.FromMiB(150), Persistent = Kib.FromMiB(50) };
        return spec with { Guest = spec.Guest with { Contents = contents, Tmem = tmem } };
    }

    private static void Do(
        SharedFrames common, SimulatedDomain domain, List<SimulatedDomain> domains, int operation, Pages amount, PageClass from, PageClass to)
    {
        Action act = operation switch
        {
            0 => () => domain.Inflate(from, amount),
            1 => () => domain.Deflate(amount),
            2 => () => domain.PageOut(amount),
            3 => () => domain.PageIn(amount),
            4 => () => domain.PageIn(from, amount),
            5 => () => domain.Use(from, to, amount),
            6 => () => domain.SetMaxMem(amount.ToKib()),
            7 => () => common.Share(domain, "g", [.. domains.Where(other => other != domain)], amount),
            8 => () => common.Unshare(domain, amount),
            9 => () => domain.WriteShared(PageClass.Hot, amount),
            10 => () => domain.PutTmem(amount),
            11 => () => domain.Repair(),
            12 => () => ClaimOrGiveBack(domain, amount),
            _ => () => domain.DropTmem(amount),
        };
        act();
    }

    private static void ClaimOrGiveBack(SimulatedDomain domain, Pages amount)
    {
        try
        {
            domain.Claims.Claim(domain.Claims.Outstanding > Pages.Zero ? Kib.Zero : (domain.TotPages + amount).ToKib());
        }
        catch (HypervisorException)
        {
            // More than is free, or than max_mem.
        }
    }

    private static bool HostHolds(MachineMemory machine, SharedFrames common, List<SimulatedDomain> domains) =>
        machine.Free >= Pages.Zero
        && machine.Claimed == Sum(domains, domain => domain.Claims.Outstanding)
        && (machine.Frames is null || machine.Frames.Whole * HostFrames.Size <= machine.Free.Value)
        && machine.Free + Sum(domains, domain => domain.TotPages) + common.Frames == Total
        && machine.Ephemeral.Held == Sum(domains, domain => domain.Tmem.Ephemeral);

    /// <summary>A shared page exists once, and the counts agree with the memory.</summary>
    private static bool SharedFramesHold(SharedFrames common, List<SimulatedDomain> domains)
    {
        Content[] contents = [Content.Zero, new("debian"), new("web")];
        return contents.All(content => common.FramesOf("g", content).Value == (content == Content.Zero
                ? Math.Min(1, Sum(domains, domain => domain.Shared.Of(content)).Value)
                : domains.Max(domain => domain.Shared.Of(content).Value)))
            && domains.All(domain => domain.Memory.Shared == Sum(contents, domain.Shared.Of));
    }

    private static Pages Sum<T>(IEnumerable<T> all, Func<T, Pages> of) => all.Aggregate(Pages.Zero, (sum, one) => sum + of(one));

    private static bool Holds(SimulatedDomain domain)
    {
        var memory = domain.Memory;
        var size = (domain.Spec.Most - domain.Spec.Offset).ToPages();
        return Sum(Classes, memory.Of) == size
            && memory.Populated == size - memory.Of(PageClass.Ballooned)
            && memory.PagedOut == Sum(Classes, memory.PagedOutOf)
            && memory.Shared == Sum(Classes, memory.SharedOf)
            && memory.PagedOutOf(PageClass.Ballooned) + memory.SharedOf(PageClass.Ballooned) == Pages.Zero
            && Classes.All(kind => memory.PagedOutOf(kind) + memory.SharedOf(kind) <= memory.Of(kind))
            && SuperpagesHold(memory);
    }

    /// <summary>Only a chunk whose pages are all in memory is a superpage.</summary>
    private static bool SuperpagesHold(GuestMemory memory) => memory.Mappings is not { } mappings
        || (Enumerable.Range(0, memory.ChunkCount).Where(mappings.IsWhole).All(memory.IsFull)
            && mappings.Whole == Enumerable.Range(0, memory.ChunkCount).Count(mappings.IsWhole));
}
