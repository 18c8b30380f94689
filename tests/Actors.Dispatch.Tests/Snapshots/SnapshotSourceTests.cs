using Actors.Dispatch.Domains;
using Actors.Dispatch.Journal;
using Actors.Dispatch.Settings;
using Actors.Sdk;
using Actors.XenStore;
using Actors.XenStore.Embedded;
using NSubstitute;

namespace Actors.Dispatch.Tests.Snapshots;

/// <summary>Recorded keys that are missing in a snapshot: they were removed, or xenstore has lost its contents.</summary>
internal sealed class SnapshotSourceTests
{
    private static readonly DomainIdentity Identity = new(1, Guid.Parse("8b58dc5c-0165-75bb-b25b-e2c741fa9f49"), "db-1");

    private readonly IHypervisor _hypervisor = Substitute.For<IHypervisor>();
    private IXenStore _store = null!;
    private SettingsArchive _archive = null!;
    private SnapshotSource _source = null!;

    [SetUp]
    public void Make()
    {
        _store = new EmbeddedXenStore().Connect(0);
        _archive = new SettingsArchive(null, TimeProvider.System);
        _archive.Store(Identity, new Dictionary<string, string> { [PolicyKeys.Target] = "524288" });
        var services = new HostServices(_store, _hypervisor, TimeProvider.System, Substitute.For<IJournal>(), _ => Substitute.For<IActorLog>());
        _source = new SnapshotSource(new HostDomain(Identity, services, new Engagements([])), services, new StoredSettings(services, _archive));
        _hypervisor.GetDomainAsync(1, default).ReturnsForAnyArgs(new ValueTask<DomainInfo?>(Info));
    }

    [TearDown]
    public async Task CloseAsync()
    {
        _archive.Dispose();
        await _store.DisposeAsync();
    }

    [Test]
    public async Task A_key_that_was_removed_is_forgotten()
    {
        await OpenAsync();

        Assert.That((await _source.ReadAsync(0, default)).Target, Is.Null);
        Assert.That(_archive.Find(Identity.Uuid), Is.Null);
    }

    [Test]
    public void The_keys_of_a_folder_that_is_gone_are_not_forgotten()
    {
        Assert.That(async () => await _source.ReadAsync(0, default), Throws.TypeOf<DomainGoneException>());
        Assert.That(_archive.Find(Identity.Uuid)!.Keys, Contains.Key(PolicyKeys.Target));
    }

    [Test]
    public async Task Keys_that_are_restored_while_they_are_read_are_not_forgotten()
    {
        // The hypervisor is asked after the keys were read.
        var reads = 0;
        _hypervisor.GetDomainAsync(1, default).ReturnsForAnyArgs(async ValueTask<DomainInfo?> (_) =>
        {
            if (reads++ == 0)
            {
                await _store.WriteTextAsync(PolicyKeys.Of(1, PolicyKeys.Target), "524288");
                await OpenAsync();
            }
            return Info;
        });

        Assert.That((await _source.ReadAsync(0, default)).Target, Is.EqualTo("524288"));
        Assert.That(_archive.Find(Identity.Uuid)!.Keys, Contains.Key(PolicyKeys.Target));
    }

    private ValueTask OpenAsync() => _store.WriteTextAsync(PolicyKeys.Of(1, PolicyKeys.Uuid), $"{Identity.Uuid}");

    private static DomainInfo Info => new()
    {
        Domid = 1,
        Uuid = Identity.Uuid,
        Kind = DomainKind.Pvh,
        State = DomainState.Running,
        TotPages = Kib.FromMiB(512).ToPages(),
        MaxPages = Kib.FromGiB(1).ToPages(),
    };
}
