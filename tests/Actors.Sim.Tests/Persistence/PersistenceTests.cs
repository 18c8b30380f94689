using Actors.Sdk;
using Actors.XenStore;
using static Actors.Sim.Tests.Specs;

namespace Actors.Sim.Tests;

internal sealed class PersistenceTests
{
    private const string Three = """
        host: { memory: 4GiB, paging_rate: 100MiB/s }
        domains:
          - { name: web, memory: 1GiB, guest: { balloon: { rate: 10MiB/s } }, workload: { working_set: 200MiB } }
          - { name: old, kind: pv, memory: 512MiB, guest: { balloon: none } }
          - { name: big, memory: 1GiB, static_max: 2GiB, guest: { balloon: refuses } }
        events:
          - { at: 10s, domain: web, write: { memory/target: 800000 } }
          - { at: 60s, domain: web, write: { data/late: "yes" } }
          - { at: 70s, create: { name: new, memory: 256MiB } }
        """;

    /// <summary>How far the balloon of web moves between two recordings; a restored size may be that old.</summary>
    private static readonly Pages HalfASecond = MiB(6).ToPages();

    private string _folder = null!;

    private string File => Path.Combine(_folder, "socket.machine");

    [SetUp]
    public void Open() => _folder = Directory.CreateTempSubdirectory("actors-machine-").FullName;

    [TearDown]
    public void Close() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Domains_are_restored_as_they_were_and_run_at_once()
    {
        IReadOnlyList<DomainInfo> before = [];
        Run(async process =>
        {
            await process.Clock.After(12.5);
            await process.Toolstack.PauseAsync(3);
            before = await process.Host.ListDomainsAsync();
        });
        var again = Run(async process =>
        {
            var after = await process.Host.ListDomainsAsync();
            Assert.That(after.Select(Unmoved), Is.EqualTo(before.Select(Unmoved)));
            for (var i = 0; i < after.Count; i++)
                Assert.That((after[i].TotPages - before[i].TotPages).Value, Is.InRange(0, HalfASecond.Value));
        });
        Assert.That(again.Resumed, Is.EqualTo(3));
        Assert.That(before.Select(domain => domain.State), Is.EqualTo(new[]
            { DomainState.Running, DomainState.Running, DomainState.Running, DomainState.Paused }));
        Assert.That(before[1].Footprint, Is.LessThan(MiB(1015)), "the balloon was on its way");
    }

    [Test]
    public void A_balloon_continues_to_its_target()
    {
        Run(process => process.Clock.After(12));
        var again = Run(async process =>
        {
            await process.Clock.After(60);
            Assert.That(process.Domain("web").Info.Footprint, Is.EqualTo(new Kib(800000) + MiB(1)));
        });
        Assert.That(again.Trace, Has.Some.Contains("domain 1 (web) continues after a restart of the simulator"));
    }

    [Test]
    public void A_pager_continues_and_holds_what_it_held()
    {
        Pages pagedOut = default;
        Run(async process =>
        {
            await process.Clock.After(3);
            await process.Host.GetMechanism<IPaging>(3).Mechanism!.StartAsync();
            await process.Toolstack.WriteAsync(3, DomainKeys.PagingTarget, $"{700 * 1024}");
            await process.Clock.After(20);
            pagedOut = process.Domain("big").Memory.PagedOut;
        });
        Assert.That(pagedOut, Is.GreaterThan(Pages.Zero));
        Run(async process =>
        {
            Assert.That((process.Domain("big").Memory.PagedOut - pagedOut).Value, Is.InRange(-HalfASecond.Value, HalfASecond.Value));
            Assert.That(process.Host.IsPaging(3));
            await process.Toolstack.WriteAsync(3, DomainKeys.PagingTarget, $"{1024 * 1024}");
            await process.Clock.After(20);
            Assert.That(process.Domain("big").Memory.PagedOut, Is.EqualTo(Pages.Zero));
        });
    }

    [Test]
    public void Every_key_is_restored_with_its_permissions_even_one_written_at_the_last_moment()
    {
        var mine = new NodePermissions(new NodePermission(2, NodeAccess.None), new NodePermission(1, NodeAccess.Both));
        Run(async process =>
        {
            await process.Dom0.WriteAsync("/local/domain/2/data/bytes", new byte[] { 0, 10, 13, 127, 255, (byte)'"' });
            await process.Dom0.SetPermissionsAsync("/local/domain/2/data/bytes", mine);
            await process.Dom0.WriteTextAsync("/local/domain/1/memory-policy/zebra", "1");
            await process.Dom0.WriteTextAsync("/local/domain/1/memory-policy/ant", "2");
            await process.Dom0.WriteTextAsync("/local/domain/1/memory-policy/gone", "3");
            await process.Dom0.RemoveAsync("/local/domain/1/memory-policy/gone");
            await using var transaction = await process.Dom0.BeginTransactionAsync();
            await transaction.WriteTextAsync("/local/domain/1/memory-policy/target", "524288");
            await transaction.CommitAsync();
        });
        Run(async process =>
        {
            Assert.That(await process.Dom0.ReadAsync("/local/domain/2/data/bytes"), Is.EqualTo(new byte[] { 0, 10, 13, 127, 255, (byte)'"' }));
            Assert.That(await process.Dom0.GetPermissionsAsync("/local/domain/2/data/bytes"), Is.EqualTo(mine));
            Assert.That(await process.Dom0.ListAsync("/local/domain/1/memory-policy"), Is.EqualTo(new[] { "zebra", "ant", "target" }));
            var guest = process.Connect(1);
            await guest.WriteTextAsync("/local/domain/2/data/bytes", "may");
            Assert.That(await guest.ReadTextAsync("memory-policy/target"), Is.EqualTo("524288"));
            await Assert.ThatAsync(async () => await guest.WriteTextAsync("memory-policy/target", "1"), Throws.InstanceOf<XenStoreException>());
        });
    }

    [Test]
    public void Destroyed_domains_stay_destroyed_and_no_domid_is_assigned_twice()
    {
        Run(async process =>
        {
            await process.Clock.After(3);
            await process.Toolstack.RebootAsync(3);
            await process.Toolstack.DestroyAsync(4);
            await process.Toolstack.DestroyAsync(2);
            await process.Clock.After(1);
        });
        Run(async process =>
        {
            Assert.That((await process.Host.ListDomainsAsync()).Select(domain => domain.Domid), Is.EqualTo(new[] { 0, 1 }));
            Assert.That(await process.Dom0.ListAsync("/local/domain"), Is.EqualTo(new[] { "0", "1" }));
            Assert.That((await process.Toolstack.CreateAsync(Domain("next"))).Domid, Is.EqualTo(5));
        });
    }

    [Test]
    public void A_domain_that_was_dying_is_destroyed()
    {
        Run(async process =>
        {
            await process.Clock.After(3);
            _ = process.Toolstack.DestroyAsync(2);
        });
        var again = Run(async process =>
        {
            await process.Clock.After(1);
            Assert.That(process.Host.Find(2), Is.Null);
            Assert.That(await process.Dom0.TryReadAsync("/local/domain/2"), Is.Null);
        });
        Assert.That(again.Resumed, Is.EqualTo(2));
    }

    [Test]
    public void Events_happen_once_and_at_their_time()
    {
        Run(async process =>
        {
            await process.Clock.After(12);
            await process.Toolstack.WriteAsync(1, "memory/target", "900000");
        });
        Run(async process =>
        {
            Assert.That(await process.ReadAsync("/local/domain/1/memory/target"), Is.EqualTo("900000"));
            await process.Clock.After(47);
            Assert.That(await process.Dom0.TryReadAsync("/local/domain/1/data/late"), Is.Null);
            await process.Clock.After(2);
            Assert.That(await process.ReadAsync("/local/domain/1/data/late"), Is.EqualTo("yes"));
        });
        Run(process => process.Clock.After(20));
        Run(process =>
        {
            Assert.That(process.Domain("new").Domid, Is.EqualTo(4));
            return Task.CompletedTask;
        });
    }

    [Test]
    public void It_can_be_killed_again_and_again()
    {
        Run(process => process.Clock.After(10));
        for (var i = 0; i < 10; i++)
            Run(process => process.Clock.After(3));
        Run(async process =>
        {
            await process.Clock.After(5);
            Assert.That(process.Domain("web").Info.Footprint, Is.EqualTo(new Kib(800000) + MiB(1)));
        });
    }

    [Test]
    public void Persistent_tmem_is_restored_and_shared_pages_become_each_domains_own()
    {
        const string Both = """
            host: { memory: 8GiB, xen_version: 4.12 }
            domains:
              - { name: web, memory: 1GiB, sharing_group: g, guest: { contents: { zero: 100MiB } } }
              - { name: old, memory: 1GiB, guest: { tmem: { ephemeral: 150MiB, persistent: 50MiB } } }
            """;
        MachineProcess.Run(File, Both, async process =>
        {
            await process.Clock.After(20);
            await process.Host.GetMechanism<ITmem>(2).Mechanism!.SetCapAsync(MiB(120));
            await process.Host.GetMechanism<ISharing>(1).Mechanism!.ShareAsync(MiB(100).ToPages());
            await process.Clock.After(1);
            Assert.That(process.Domain("web").Memory.Shared.ToKib(), Is.EqualTo(MiB(100)));
        });
        MachineProcess.Run(File, Both, async process =>
        {
            Assert.That(process.Domain("web").Info, Has.Property("SharedPages").EqualTo(Pages.Zero).And.Property("Footprint").EqualTo(MiB(1024)));
            Assert.That(process.Domain("old").Tmem.Info, Is.EqualTo(new TmemPools(Pages.Zero, MiB(50).ToPages(), false, MiB(120), 1)));
            await process.Clock.After(20);
            Assert.That(process.Domain("old").Tmem.Ephemeral.ToKib(), Is.EqualTo(MiB(70)));
        });
    }

    /// <summary>Everything that does not move.</summary>
    private static DomainInfo Unmoved(DomainInfo domain) => domain with { TotPages = Pages.Zero };

    private MachineProcess Run(Func<MachineProcess, Task> test) => MachineProcess.Run(File, Three, test);
}
