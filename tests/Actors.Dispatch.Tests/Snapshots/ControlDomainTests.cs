using Actors.Dispatch.Domains;
using Actors.Dispatch.Journal;
using Actors.Dispatch.Snapshots;
using Actors.Sdk;
using Actors.XenStore;
using Actors.XenStore.Embedded;
using NSubstitute;

namespace Actors.Dispatch.Tests.Snapshots;

/// <summary>Dom0, whose memory keys no toolstack has written.</summary>
internal sealed class ControlDomainTests
{
    private static readonly Kib HostTotal = Kib.FromGiB(16);

    private IXenStore _store = null!;

    [SetUp]
    public void Connect() => _store = new EmbeddedXenStore().Connect(0);

    [TearDown]
    public async Task CloseAsync() => await _store.DisposeAsync();

    [Test]
    public async Task The_size_of_dom0_is_recorded_before_its_first_target()
    {
        var snapshot = await ReadAsync(Info(maxMem: Kib.FromMiB(1536)));

        Assert.Multiple(() =>
        {
            Assert.That(snapshot.StaticMax, Is.EqualTo("1572864"));
            Assert.That(Key("memory/static-max"), Is.EqualTo("1572864"));
            Assert.That(Key("memory/target"), Is.EqualTo("1433600"));
        });
    }

    [Test]
    public async Task The_static_max_of_a_dom0_without_a_bound_is_the_memory_of_the_host()
    {
        var snapshot = await ReadAsync(Info(maxMem: new Kib(17179869180)));

        Assert.That((snapshot.StaticMax, Key("memory/static-max")), Is.EqualTo(("16777216", "16777216")));
    }

    [Test]
    public async Task The_keys_of_the_toolstack_are_not_overwritten()
    {
        await _store.WriteTextAsync("/local/domain/0/memory/static-max", "17179869180");
        await _store.WriteTextAsync("/local/domain/0/memory/target", "1000000");

        var snapshot = await ReadAsync(Info(maxMem: Kib.FromMiB(1400)));

        Assert.That((snapshot.StaticMax, Key("memory/target"), snapshot.HostTotal), Is.EqualTo(("17179869180", "1000000", HostTotal)));
    }

    [Test]
    public async Task Nothing_is_recorded_for_a_dom0_without_a_target()
    {
        await ReadAsync(Info(maxMem: Kib.FromMiB(1536)), target: false);

        Assert.That(await _store.TryReadTextAsync("/local/domain/0/memory/static-max"), Is.Null);
    }

    private async Task<DomainSnapshot> ReadAsync(DomainInfo info, bool target = true)
    {
        if (target)
            await _store.WriteTextAsync("/local/domain/0/memory-policy/target", "1200000");
        var hypervisor = Substitute.For<IHypervisor>();
        hypervisor.GetDomainAsync(0).ReturnsForAnyArgs(new ValueTask<DomainInfo?>(info));
        hypervisor.GetHostMemoryAsync().ReturnsForAnyArgs(new ValueTask<HostMemory>(new HostMemory(HostTotal, Kib.Zero, Kib.Zero)));
        var services = new HostServices(_store, hypervisor, TimeProvider.System, Substitute.For<IJournal>(), _ => Substitute.For<IActorLog>());
        var snapshot = await SnapshotReader.ReadAsync(services, 0, known: null, default);
        return await ControlDomain.RecordSizeAsync(_store, snapshot, default);
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
