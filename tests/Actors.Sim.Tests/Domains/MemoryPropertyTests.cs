using Actors.Sdk;
using FsCheck;
using FsCheck.Fluent;

namespace Actors.Sim.Tests;

/// <summary>What must hold whatever is done to a guest's memory, by whichever mechanism, in whichever order.</summary>
internal sealed class MemoryPropertyTests
{
    private static readonly Pages Total = Kib.FromMiB(2048).ToPages();

    [Test]
    public void No_page_is_lost_or_made() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(byte Operation, ushort Amount)[]>(), operations =>
        {
            var machine = new MachineMemory(Total);
            SimulatedDomain[] domains =
            [
                new(1, Guid.Empty, Specs.Domain("a", DomainKind.Pvh, 600) with { StaticMax = Kib.FromMiB(1500) }, machine),
                new(2, Guid.Empty, Specs.Domain("b", DomainKind.Hvm, 700), machine),
            ];
            foreach (var (operation, amount) in operations)
                Do(domains[operation % 2], operation / 2 % 7, new Pages(amount), (PageClass)(amount % 6), (PageClass)(operation % 6));
            return HostHolds(machine, domains) && domains.All(Holds);
        }).QuickCheckThrowOnFailure();

    private static void Do(SimulatedDomain domain, int operation, Pages amount, PageClass from, PageClass to)
    {
        switch (operation)
        {
            case 0:
                domain.Inflate(from, amount);
                break;
            case 1:
                domain.Deflate(amount);
                break;
            case 2:
                domain.PageOut(amount);
                break;
            case 3:
                domain.PageIn(amount);
                break;
            case 4:
                domain.PageIn(from, amount);
                break;
            case 5:
                domain.Memory.Convert(from, to, amount);
                break;
            default:
                domain.SetMaxMem(amount.ToKib());
                break;
        }
    }

    private static bool HostHolds(MachineMemory machine, SimulatedDomain[] domains) =>
        machine.Free >= Pages.Zero && machine.Free + domains[0].TotPages + domains[1].TotPages == Total;

    private static bool Holds(SimulatedDomain domain)
    {
        var classes = Enum.GetValues<PageClass>();
        var size = (domain.Spec.Most - domain.Spec.Offset).ToPages().Value;
        return classes.Sum(kind => domain.Memory.Of(kind).Value) == size
            && domain.Memory.Populated.Value == size - domain.Memory.Of(PageClass.Ballooned).Value
            && domain.Memory.PagedOut.Value == classes.Sum(kind => domain.Memory.PagedOutOf(kind).Value)
            && domain.Memory.PagedOutOf(PageClass.Ballooned) == Pages.Zero
            && classes.All(kind => domain.Memory.PagedOutOf(kind) <= domain.Memory.Of(kind));
    }
}
