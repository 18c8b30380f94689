using Actors.Sdk;
using Actors.Xen.Hypercalls;
using Actors.Xen.Paging;

namespace Actors.Xen.Tests.Paging;

internal sealed class XenPagingTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Path.Combine(Directory.CreateTempSubdirectory("pagers").FullName, "xenpaging");

    [TearDown]
    public void RemoveFolder() => Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);

    [Test]
    public async Task A_pager_is_started_once_and_ends_with_its_files_gone()
    {
        var program = new FakeProgram();
        var paging = new XenPagers(program, _folder, TimeProvider.System).Of(3);

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
    public void A_hypervisor_without_paging_says_so_at_once_and_is_not_asked_again()
    {
        var program = new FakeProgram { LastWords = "xc: error: Error initialising shared page(38 = Function not implemented): Internal error\n" };
        var pagers = new XenPagers(program, _folder, TimeProvider.System);

        Assert.Multiple(() =>
        {
            Assert.That(pagers.WhyNot(Pvh), Is.Null);
            Assert.That(async () => await pagers.Of(3).StartAsync(), Throws.TypeOf<MechanismException>().With.Message.EqualTo(PagerReasons.NotBuilt));
            Assert.That(pagers.WhyNot(Pvh), Is.EqualTo(PagerReasons.NotBuilt));
        });
    }

    [TestCase("xenpaging: xenpaging not supported in a PoD guest: Internal error", "xenpaging says: xenpaging: xenpaging not supported in a PoD guest: Internal error")]
    [TestCase("", "xenpaging ended without a word")]
    public void A_pager_that_does_not_start_is_unable_by_its_own_words(string words, string reason)
    {
        var paging = new XenPagers(new FakeProgram { LastWords = words }, _folder, TimeProvider.System).Of(3);

        Assert.That(async () => await paging.StartAsync(), Throws.TypeOf<MechanismException>().With.Message.EqualTo(reason));
    }

    [Test]
    public async Task A_pager_that_dies_is_told_with_its_last_words()
    {
        var program = new FakeProgram();
        var paging = new XenPagers(program, _folder, TimeProvider.System).Of(3);
        await paging.StartAsync();

        program.Crash("xenpaging: Error writing to page file: No space left on device");

        Assert.That((paging.Running, paging.Fault), Is.EqualTo((false, "xenpaging says: xenpaging: Error writing to page file: No space left on device")));
    }

    [Test]
    public async Task A_pager_of_the_host_before_is_taken_over()
    {
        var program = new FakeProgram();
        await new XenPagers(program, _folder, TimeProvider.System).Of(3).StartAsync();

        var paging = new XenPagers(program, _folder, TimeProvider.System).Of(3);

        Assert.That(paging.Running, Is.True);
    }

    [Test]
    public async Task Page_files_without_a_pager_are_swept_and_others_stay()
    {
        var program = new FakeProgram();
        var pagers = new XenPagers(program, _folder, TimeProvider.System);
        await pagers.Of(3).StartAsync();
        File.WriteAllText(Path.Combine(_folder, "actors-9.page"), "");
        File.WriteAllText(Path.Combine(_folder, "somebody-elses"), "");

        pagers.Sweep([0, 3]);

        Assert.That(Directory.EnumerateFiles(_folder).Select(Path.GetFileName), Is.EquivalentTo(new[] { "actors-3.page", "actors-3.log", "somebody-elses" }));
    }

    [TestCase(0u, "domain 3 is PV")]
    [TestCase(DomainRecord.HvmGuest, "shadow page tables")]
    public void A_domain_without_hardware_assisted_paging_cannot_be_paged(uint flags, string reason) =>
        Assert.That(new XenPagers(new FakeProgram(), _folder, TimeProvider.System).WhyNot(Pvh with { Flags = flags }), Does.Contain(reason));

    [TestCase(true, "/usr/lib/xen-4.17/bin/xenpaging", "-d", "3", "-f", "/x")]
    [TestCase(true, "xenpaging", "--domain=3")]
    [TestCase(false, "xenpaging", "-d", "33", "-f", "/x")]
    [TestCase(false, "less", "-d", "3")]
    [TestCase(false)]
    public void A_pager_is_known_by_its_command_line(bool is3, params string[] commandLine) =>
        Assert.That(XenPagingProgram.IsPagerOf(3, commandLine), Is.EqualTo(is3));

    private static DomainRecord Pvh { get; } = new(3, DomainRecord.HvmGuest | DomainRecord.Hap, 1, 1, 0, 0, 0, 1, Guid.Empty, 1);

    private sealed class FakeProgram : IPagingProgram
    {
        private FakeProcess? _running;
        private string _log = "";

        public string? LastWords { get; init; }

        public int Started { get; private set; }

        public string? WhyNot => null;

        public IPagerProcess? Find(int domid) => _running is { Alive: true } && domid == 3 ? _running : null;

        public IPagerProcess Start(int domid, string pageFile, string logFile)
        {
            Started++;
            File.WriteAllText(_log = logFile, LastWords ?? "");
            if (LastWords is not null)
                return new FakeProcess { Alive = false };
            File.WriteAllText(pageFile, "");
            return _running = new FakeProcess();
        }

        public void Crash(string words)
        {
            File.AppendAllText(_log, words);
            _running!.Alive = false;
        }
    }

    private sealed class FakeProcess : IPagerProcess
    {
        public bool Alive { get; set; } = true;

        public void Terminate() => Alive = false;
    }
}
