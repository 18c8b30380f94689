using Actors.Sdk;
using Actors.Xen.Hypercalls;
using Actors.Xen.Paging;
using Actors.XenStore;
using Actors.XenStore.Embedded;

namespace Actors.Xen.Tests.Paging;

internal sealed class XenPagingTests
{
    private readonly QuickClock _clock = new();
    private string _folder = "";
    private IXenStore _store = null!;

    [SetUp]
    public void Make()
    {
        _folder = Path.Combine(Directory.CreateTempSubdirectory("pagers").FullName, "xenpaging");
        _store = new EmbeddedXenStore().Connect(0);
    }

    [TearDown]
    public async Task RemoveAsync()
    {
        Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);
        await _store.DisposeAsync();
    }

    [Test]
    public async Task A_pager_is_started_once_and_its_files_are_removed_when_it_ends()
    {
        var program = new FakeProgram();
        var paging = Pagers(program).Of(Pvh);

        await paging.StartAsync();
        await paging.StartAsync();
        var ran = paging.Running;
        await paging.StopAsync();

        Assert.Multiple(() =>
        {
            Assert.That(program.Started, Is.EqualTo(1));
            Assert.That((ran, paging.Running), Is.EqualTo((true, false)));
            Assert.That(Directory.EnumerateFiles(_folder), Is.Empty);
        });
    }

    [Test]
    public async Task The_library_in_the_pager_counts_page_ins_and_a_restarted_pager_continues_to_count()
    {
        var program = new FakeProgram();
        var paging = Pagers(program).Of(Pvh);
        await paging.StartAsync();
        var before = paging.Files.ReadPageIns();
        program.Count(1234);
        var counted = paging.Files.ReadPageIns();
        program.Crash("");
        await paging.StartAsync();
        var restarted = paging.Files.ReadPageIns();
        await paging.StopAsync();

        Assert.That((before, counted, restarted), Is.EqualTo(((Pages?)null, (Pages?)new Pages(1234), (Pages?)new Pages(1234))));
        Assert.That(Directory.EnumerateFiles(_folder), Is.Empty);
    }

    [Test]
    public void Without_paging_in_the_hypervisor_no_pager_is_started()
    {
        var program = new FakeProgram();
        var pagers = new XenPagers(Services(program, () => Pvh), built: false);

        Assert.That(pagers.WhyNot(Pvh, onDemand: 0), Is.EqualTo(PagerReasons.NotBuilt));
    }

    [Test]
    public void A_guest_with_populate_on_demand_memory_is_not_paged() =>
        Assert.That(Pagers(new FakeProgram()).WhyNot(Pvh, onDemand: 65536), Does.Contain("256 MiB to be populated on demand").And.Contain("'memory' equal to 'maxmem'"));

    [Test]
    public void A_domain_whose_pages_were_lost_gets_no_new_pager()
    {
        var program = new FakeProgram();
        var paging = Pagers(program, Pvh with { PagedPages = 2560 }).Of(Pvh);

        Assert.Multiple(() =>
        {
            Assert.That(async () => await paging.StartAsync(), Throws.TypeOf<MechanismException>().With.Message.Contains("10 MiB were paged out").And.Message.Contains("restart the guest"));
            Assert.That(program.Started, Is.Zero);
        });
    }

    [Test]
    public void A_pager_is_not_started_if_the_disk_cannot_hold_all_memory_of_the_domain()
    {
        var program = new FakeProgram();
        var paging = Pagers(program, Pvh with { TotPages = long.MaxValue / 8 }).Of(Pvh);

        Assert.Multiple(() =>
        {
            Assert.That(async () => await paging.StartAsync(), Throws.TypeOf<MechanismException>().With.Message.StartsWith("not enough space for a page file in"));
            Assert.That(program.Started, Is.Zero);
        });
    }

    [Test]
    public async Task Space_for_all_memory_of_the_domain_is_reserved_at_the_start()
    {
        Assume.That(new PageFileFolder(_folder).InMemory, Is.False, "no space is reserved on a file system in memory");
        await Pagers(new FakeProgram(), Pvh with { TotPages = 1024 }).Of(Pvh).StartAsync();

        Assert.That(new FileInfo(Path.Combine(_folder, "actors-3.page")).Length, Is.EqualTo(4 << 20));
    }

    [TestCase(1000, 600, 0, null)]
    [TestCase(1000, 600, 500, "not enough space for a page file in /pages: the domain holds 600 KiB, and 1000 KiB are free, of which 500 KiB are reserved for other pagers")]
    [TestCase(500, 600, 0, "not enough space for a page file in /pages: the domain holds 600 KiB, and 500 KiB are free; free some space there")]
    [TestCase(null, 600, 500, null)]
    public void Space_that_other_pagers_may_still_need_does_not_count_as_free(int? free, int wanted, int promised, string? reason) =>
        Assert.That(
            PageFileFolder.WhyNot(free is { } kib ? new Kib(kib) : null, new Kib(wanted), new Kib(promised), "/pages"),
            reason is null ? Is.Null : Does.StartWith(reason));

    [Test]
    public async Task A_pager_that_ended_because_of_a_full_disk_names_the_disk()
    {
        var program = new FakeProgram();
        var paging = Pagers(program).Of(Pvh);
        await paging.StartAsync();

        program.Crash("paging: error: Error copying page 2000\n: No space left on device\n");

        Assert.That(paging.Fault, Is.EqualTo($"the disk of {_folder} is full; free some space there"));
    }

    [TestCase("xenpaging: xenpaging not supported in a PoD guest: Internal error", "xenpaging: xenpaging: xenpaging not supported in a PoD guest: Internal error")]
    [TestCase("paging: error: Failed to populate ring gfn\n: Cannot allocate memory\nError initialising paging\n", "xenpaging: paging: error: Failed to populate ring gfn: Cannot allocate memory")]
    [TestCase("sh: no such luck\n", "xenpaging: sh: no such luck")]
    [TestCase("", "xenpaging ended without a message")]
    public void A_pager_that_does_not_start_gives_the_reason_from_its_log(string log, string reason)
    {
        var paging = Pagers(new FakeProgram { FailureLog = log }).Of(Pvh);

        Assert.That(async () => await paging.StartAsync(), Throws.TypeOf<MechanismException>().With.Message.EqualTo(reason));
    }

    [Test]
    public async Task A_pager_that_dies_is_reported_with_the_end_of_its_log()
    {
        var program = new FakeProgram();
        var paging = Pagers(program).Of(Pvh);
        await paging.StartAsync();

        program.Crash("paging: error: Error populating page 2000\n");

        Assert.That((paging.Running, paging.Fault), Is.EqualTo((false, "xenpaging: paging: error: Error populating page 2000")));
    }

    [Test]
    public async Task A_pager_from_an_earlier_host_is_taken_over()
    {
        var program = new FakeProgram();
        await Pagers(program).Of(Pvh).StartAsync();

        var paging = Pagers(program).Of(Pvh);

        Assert.That(paging.Running, Is.True);
    }

    [Test]
    public async Task Page_files_without_a_pager_are_removed_and_other_files_stay()
    {
        var program = new FakeProgram();
        var pagers = Pagers(program);
        await pagers.Of(Pvh).StartAsync();
        File.WriteAllText(Path.Combine(_folder, "actors-9.page"), "");
        File.WriteAllText(Path.Combine(_folder, "other-file"), "");

        pagers.RemoveStale(Alive, _ => { });

        Assert.That(Directory.EnumerateFiles(_folder).Select(Path.GetFileName), Is.EquivalentTo(new[] { "actors-3.page", "actors-3.log", "other-file" }));
    }

    [Test]
    public async Task Files_from_an_earlier_host_are_removed_and_its_running_pagers_stay()
    {
        var program = new FakeProgram();
        await Pagers(program).Of(Pvh).StartAsync();
        File.WriteAllText(Path.Combine(_folder, "actors-9.log"), "");
        var messages = new List<string>();

        Pagers(program).RemoveStale(Alive, messages.Add);

        Assert.Multiple(() =>
        {
            Assert.That(Directory.EnumerateFiles(_folder).Select(Path.GetFileName), Is.EquivalentTo(new[] { "actors-3.page", "actors-3.log" }));
            Assert.That(messages.Single(), Does.Contain("actors-9.log: no pager uses it"));
        });
    }

    [Test]
    public async Task A_pager_whose_domain_no_longer_exists_is_ended()
    {
        var program = new FakeProgram();
        var pagers = Pagers(program);
        await pagers.Of(Pvh).StartAsync();

        pagers.RemoveStale(new HashSet<(int, Guid)> { (0, Guid.Empty) }, _ => { });

        Assert.That((program.Find(3), Directory.EnumerateFiles(_folder).Any()), Is.EqualTo(((object?)null, false)));
    }

    [Test]
    public async Task The_pager_of_a_dying_domain_is_ended()
    {
        using var xen = new FakeXen { BuiltWithPaging = true };
        xen.Domains.Add(Pvh);
        var program = new FakeProgram();
        using var hypervisor = new XenHypervisor(xen, _store, program, _folder, _clock);
        await hypervisor.GetMechanism<IPaging>(3).Mechanism!.StartAsync();

        xen.Domains[0] = Pvh with { Flags = Pvh.Flags | DomainRecord.Dying };
        hypervisor.RemoveStale(_ => { });

        Assert.That((program.Find(3), Directory.EnumerateFiles(_folder).Any()), Is.EqualTo(((object?)null, false)));
    }

    [Test]
    public async Task A_domain_with_a_reused_domid_does_not_get_the_old_pager()
    {
        var program = new FakeProgram();
        var pagers = Pagers(program);
        await pagers.Of(Pvh).StartAsync();
        program.Crash("xenpaging: Error");

        Assert.That(pagers.Of(Pvh with { Handle = Guid.NewGuid() }).Fault, Is.Null);
    }

    [Test]
    public async Task Everything_is_paged_in_before_the_pager_is_terminated()
    {
        var program = new FakeProgram();
        var pagedOut = 3;
        var paging = new XenPagers(Services(program, () => Pvh with { PagedPages = pagedOut }), built: true).Of(Pvh);
        program.Terminating = () => Assert.That(pagedOut, Is.Zero);
        pagedOut = 0;
        await paging.StartAsync();
        pagedOut = 3;
        _clock.Passing = () => pagedOut = Math.Max(0, pagedOut - 1);

        await paging.StopAsync();

        Assert.That((program.Find(3), await TargetAsync()), Is.EqualTo(((object?)null, "0")));
    }

    [Test]
    public async Task A_pager_keeps_running_while_the_host_has_too_little_memory_for_its_pages()
    {
        var program = new FakeProgram();
        var pagedOut = 0;
        var pagers = new XenPagers(Services(program, () => Pvh with { PagedPages = pagedOut, MaxPages = 4096 }), built: true);
        var paging = pagers.Of(Pvh);
        await paging.StartAsync();
        pagedOut = 2560;

        Assert.That(async () => await paging.StopAsync(), Throws.TypeOf<MechanismException>()
            .With.Message.EqualTo("10 MiB are still paged out and cannot be paged in: the host has 3 MiB of free memory above its reserve; free some (stop a guest, or lower a target); the pager keeps running until they are"));
        Assert.That(await TargetAsync(), Is.EqualTo($"{(new Pages(Pvh.TotPages).ToKib() + Kib.FromMiB(3)).Value}"), "it brings back what the host has above its reserve");
        await pagers.CheckAsync(default);
        var stayed = paging.Running;
        pagedOut = 0;
        await pagers.CheckAsync(default);

        Assert.Multiple(() =>
        {
            Assert.That((stayed, paging.Running), Is.EqualTo((true, false)));
            Assert.That(Directory.EnumerateFiles(_folder), Is.Empty);
        });
    }

    [Test]
    public async Task The_ring_of_a_killed_pager_is_removed()
    {
        var program = new FakeProgram { FailureLog = "paging: error: xenpaging is (or was) active on this domain\nError initialising paging\n", Fails = 1 };
        var paging = Pagers(program).Of(Pvh);

        await paging.StartAsync();

        Assert.That((program.Detached, program.Started, paging.Running), Is.EqualTo((3, 2, true)));
    }

    [Test]
    public async Task A_pager_that_does_not_start_is_retried()
    {
        var program = new FakeProgram { FailureLog = "Error initialising paging\n", Fails = 2 };
        var paging = Pagers(program).Of(Pvh);

        await paging.StartAsync();

        Assert.That((program.Started, program.Detached), Is.EqualTo((3, (int?)null)));
    }

    [Test]
    public async Task A_pager_is_started_with_the_static_max_of_its_domain()
    {
        await _store.WriteTextAsync("/local/domain/3/memory/static-max", "524288");
        var program = new FakeProgram();

        await Pagers(program, Pvh with { MaxPages = 51456 }).Of(Pvh).StartAsync();

        Assert.That(program.Most, Is.EqualTo(Kib.FromMiB(512)));
    }

    [Test]
    public async Task An_unexpected_end_of_a_pager_is_reported_once_and_an_expected_end_never()
    {
        var program = new FakeProgram();
        var record = Pvh;
        var pagers = new XenPagers(Services(program, () => record), built: true);
        await pagers.Of(Pvh).StartAsync();
        var before = await pagers.CheckAsync(default);
        program.Crash("paging: error: killed");
        record = Pvh with { Flags = Pvh.Flags | DomainRecord.Dying };
        var dying = await pagers.CheckAsync(default);
        record = Pvh;
        var (first, second) = (await pagers.CheckAsync(default), await pagers.CheckAsync(default));
        await pagers.Of(Pvh).StartAsync();
        await pagers.Of(Pvh).StopAsync();

        Assert.Multiple(async () =>
        {
            Assert.That(first, Is.EqualTo(new[] { (3, "xenpaging: paging: error: killed") }));
            Assert.That(before.Concat(dying).Concat(second).Concat(await pagers.CheckAsync(default)), Is.Empty);
        });
    }

    [TestCase(0u, "domain 3 is PV")]
    [TestCase(DomainRecord.HvmGuest, "shadow page tables")]
    public void A_domain_without_hardware_assisted_paging_cannot_be_paged(uint flags, string reason) =>
        Assert.That(Pagers(new FakeProgram()).WhyNot(Pvh with { Flags = flags }, onDemand: 0), Does.Contain(reason));

    [TestCase(true, "/usr/lib/xen-4.17/bin/xenpaging", "-d", "3", "-f", "/x")]
    [TestCase(true, "xenpaging", "--domain=3")]
    [TestCase(false, "xenpaging", "-d", "33", "-f", "/x")]
    [TestCase(false, "less", "-d", "3")]
    [TestCase(false)]
    public void A_pager_is_recognised_by_its_command_line(bool is3, params string[] commandLine) =>
        Assert.That(XenPagingProgram.IsPagerOf(3, commandLine), Is.EqualTo(is3));

    private XenPagers Pagers(FakeProgram program, DomainRecord? now = null) => new(Services(program, () => now ?? Pvh), built: true);

    private PagerServices Services(FakeProgram program, Func<DomainRecord> now) => new(program, new PageFileFolder(_folder), new PagerTargets(_store, _clock), _clock)
    {
        GetDomain = _ => now(),
        FreeMemory = () => Kib.FromMiB(3),
        Detach = domid => program.Detached = domid,
    };

    private async Task<string?> TargetAsync() => await _store.TryReadTextAsync("/local/domain/3/memory/target-tot_pages");

    private static HashSet<(int, Guid)> Alive => [(0, Guid.Empty), (3, Guid.Empty)];

    private static DomainRecord Pvh { get; } = new(3, DomainRecord.HvmGuest | DomainRecord.Hap, 1, 1, 0, 0, 0, 1, Guid.Empty, 1);

    private sealed class FakeProgram : IPagingProgram
    {
        private FakeProcess? _running;
        private string _log = "";
        private string _pageIns = "";

        public string? FailureLog { get; init; }

        /// <summary>The number of starts that fail with that log.</summary>
        public int Fails { get; set; } = int.MaxValue;

        public int? Detached { get; set; }

        public Kib Most { get; private set; }

        public Action Terminating { get; set; } = () => { };

        public int Started { get; private set; }

        public string? WhyNot => null;

        public IPagerProcess? Find(int domid) => _running is { Alive: true } && domid == 3 ? _running : null;

        public IPagerProcess Start(int domid, Kib most, PagerFiles files)
        {
            Started++;
            Most = most;
            File.WriteAllText(_log = files.Log, "");
            if (FailureLog is not null && Fails-- > 0)
            {
                WriteLog(FailureLog);
                return new FakeProcess { Alive = false };
            }
            File.WriteAllText(files.Page, "");
            _pageIns = files.PageIns;
            return _running = new FakeProcess { Terminating = () => Terminating() };
        }

        public string? Path => null;

        public void Count(long pageIns) => File.WriteAllBytes(_pageIns, BitConverter.GetBytes(pageIns));

        public void WriteLog(string text) => File.AppendAllText(_log, text);

        public void Crash(string log)
        {
            WriteLog(log);
            _running!.Alive = false;
        }
    }

    private sealed class FakeProcess : IPagerProcess
    {
        public bool Alive { get; set; } = true;

        public Action Terminating { get; init; } = () => { };

        public void Terminate()
        {
            Terminating();
            Alive = false;
        }
    }

    /// <summary>A clock that jumps forward whenever a timer is created.</summary>
    private sealed class QuickClock : TimeProvider
    {
        private long _now;

        public Action Passing { get; set; } = () => { };

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime > TimeSpan.Zero)
            {
                _now += dueTime.Ticks;
                Passing();
            }
            return TimeProvider.System.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? TimeSpan.Zero : dueTime, period);
        }
    }
}
