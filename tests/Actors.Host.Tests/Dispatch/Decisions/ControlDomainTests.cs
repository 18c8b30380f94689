using Actors.Dispatch.Decisions;
using Actors.Sdk;
using Actors.XenStore;
using Actors.XenStore.Embedded;
using NSubstitute;

namespace Actors.Host.Tests.Plan;

/// <summary>Dom0, for which no toolstack has written what it has.</summary>
internal sealed class ControlDomainTests
{
    private static readonly Kib Machine = Kib.FromGiB(16);

    private IXenStore _store = null!;

    [SetUp]
    public void Make() => _store = new EmbeddedXenStore().Connect(0);

    [TearDown]
    public async Task CloseAsync() => await _store.DisposeAsync();

    [Test]
    public async Task What_dom0_has_is_written_down_before_it_is_made_smaller()
    {
        var situation = await LookAsync(Info(maxMem: Kib.FromMiB(1536)));

        Assert.Multiple(() =>
        {
            Assert.That(situation.StaticMax, Is.EqualTo("1572864"));
            Assert.That(Key("memory/static-max"), Is.EqualTo("1572864"));
            Assert.That(Key("memory/target"), Is.EqualTo("1433600"));
        });
    }

    [Test]
    public async Task A_dom0_without_a_bound_has_no_more_than_the_machine()
    {
        var situation = await LookAsync(Info(maxMem: new Kib(17179869180)));

        Assert.That((situation.StaticMax, Key("memory/static-max")), Is.EqualTo(("16777216", "16777216")));
    }

    [Test]
    public async Task What_the_toolstack_has_written_stands()
    {
        await _store.WriteTextAsync("/local/domain/0/memory/static-max", "17179869180");
        await _store.WriteTextAsync("/local/domain/0/memory/target", "1000000");

        var situation = await LookAsync(Info(maxMem: Kib.FromMiB(1400)));

        Assert.That((situation.StaticMax, Key("memory/target"), situation.Machine), Is.EqualTo(("17179869180", "1000000", Machine)));
    }

    [Test]
    public async Task Nothing_is_written_for_a_dom0_that_nobody_asked_for()
    {
        await LookAsync(Info(maxMem: Kib.FromMiB(1536)), asked: false);

        Assert.That(await _store.TryReadTextAsync("/local/domain/0/memory/static-max"), Is.Null);
    }

    private async Task<DomainSnapshot> LookAsync(DomainInfo info, bool asked = true)
    {
        if (asked)
            await _store.WriteTextAsync("/local/domain/0/memory-policy/target", "1200000");
        var hypervisor = Substitute.For<IHypervisor>();
        hypervisor.GetHostMemoryAsync().ReturnsForAnyArgs(new ValueTask<HostMemory>(new HostMemory(Machine, Kib.Zero, Kib.Zero)));
        var situation = await DomainSnapshot.ReadAsync(_store, 0, known: null, default);
        return await ControlDomain.WriteDownAsync(_store, await ControlDomain.SeeAsync(hypervisor, situation with { Info = info }, default), default);
    }

    private string? Key(string key) => _store.TryReadTextAsync($"/local/domain/0/{key}").AsTask().Result;

    private static DomainInfo Info(Kib maxMem) => new()
    {
        Domid = 0,
        Uuid = Guid.Empty,
        Kind = DomainKind.Pv,
        State = DomainState.Running,
        TotPages = Kib.FromMiB(1400).ToPages(),
        MaxPages = maxMem.ToPages(),
    };
}
