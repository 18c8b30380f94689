using Actors.Sdk;
using Actors.Sim.Domains;
using Actors.Sim.Hypervisor;
using Actors.Sim.Memory;

namespace Actors.Sim.Tests.Properties;

/// <summary>
/// What must hold at every moment: no page is lost or created, no amount is negative, and no domain grows above its max_mem.
/// </summary>
internal sealed class Invariants
{
    private static readonly PageClass[] Classes = Enum.GetValues<PageClass>();
    private readonly SimulatedHost _host;

    public Invariants(SimulatedHost host)
    {
        _host = host;
        foreach (var domain in host.Domains)
            Follow(domain);
        host.Built += Follow;
    }

    /// <summary>Checks everything twice a second until the token is cancelled.</summary>
    public async Task WatchAsync(CancellationToken stop)
    {
        while (true)
        {
            Check();
            await Task.Delay(TimeSpan.FromMilliseconds(500), _host.Clock, stop);
        }
    }

    public void Check()
    {
        var free = _host.FreePages;
        var held = Sum(_host.Domains, domain => domain.TotPages);
        Require(free >= Pages.Zero, $"the host has {free.Value} free pages");
        Require(free + held + _host.SharedFrames.Frames == _host.Spec.Memory.ToPages(),
            $"{free.Value} free, {held.Value} held and {_host.SharedFrames.Frames.Value} shared pages are not {_host.Spec.Memory.ToPages().Value}");
        foreach (var domain in _host.Domains)
            Check(domain);
    }

    private static void Check(SimulatedDomain domain)
    {
        var memory = domain.Memory;
        foreach (var kind in Classes)
            Require(memory.ResidentOf(kind) >= Pages.Zero && memory.DiscardedOf(kind) >= Pages.Zero && memory.PagedOutOf(kind) >= Pages.Zero && memory.SharedOf(kind) >= Pages.Zero,
                $"{domain.Spec.Name} has {memory.Of(kind).Value} pages {kind}, {memory.PagedOutOf(kind).Value} paged out, {memory.SharedOf(kind).Value} shared, {memory.DiscardedOf(kind).Value} discarded");
        Require(Sum(Classes, memory.Of) == (domain.Spec.Most - domain.Spec.Offset).ToPages(), $"the pages of {domain.Spec.Name} do not add up");
        var info = domain.Info;
        Require(info.TotPages >= Pages.Zero && info.PagedPages >= Pages.Zero && info.SharedPages >= Pages.Zero && info.TmemPages >= Pages.Zero
            && domain.Tmem.Ephemeral >= Pages.Zero && domain.Tmem.Persistent >= Pages.Zero, $"{info} has a negative amount");
        Require(domain.Room >= Pages.Zero && domain.Tmem.Room >= Pages.Zero, $"{domain.Spec.Name} has negative room");
    }

    private static void Follow(SimulatedDomain domain)
    {
        // max_mem can be lowered below what a domain holds; then the domain may shrink but not grow.
        var before = domain.TotPages;
        domain.MemoryChanged += () =>
        {
            var now = domain.TotPages;
            Require(now <= domain.MaxPages || now <= before,
                $"{domain.Spec.Name} grew from {before.Value} to {now.Value} pages although its max_mem is {domain.MaxPages.Value} pages");
            before = now;
        };
    }

    private static Pages Sum<T>(IEnumerable<T> all, Func<T, Pages> of) => all.Aggregate(Pages.Zero, (sum, one) => sum + of(one));

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
            throw new InvalidDataException(otherwise);
    }
}
