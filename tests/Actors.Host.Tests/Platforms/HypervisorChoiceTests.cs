using Actors.Cli.CommandLine;
using Actors.Host.Platforms;

namespace Actors.Host.Tests.Platforms;

internal sealed class HypervisorChoiceTests
{
    private static readonly Dom0 Here = new(true, "/proc/xen/capabilities says control_d"), NotHere = new(false, "this system does not run on Xen");

    [Test]
    public void The_default_is_xen_in_a_dom0_and_a_simulated_machine_elsewhere() => Assert.Multiple(() =>
    {
        Assert.That(HypervisorChoice.Of(null, null, Here).Kind, Is.EqualTo(HypervisorKind.Xen));
        Assert.That(HypervisorChoice.Of(null, null, NotHere).Kind, Is.EqualTo(HypervisorKind.Sim));
    });

    [Test]
    public void The_command_line_overrides_the_default_and_a_scenario_implies_simulation() => Assert.Multiple(() =>
    {
        Assert.That(HypervisorChoice.Of(HypervisorKind.Sim, null, Here).Kind, Is.EqualTo(HypervisorKind.Sim));
        Assert.That(HypervisorChoice.Of(HypervisorKind.Xen, null, NotHere).Kind, Is.EqualTo(HypervisorKind.Xen));
        Assert.That(HypervisorChoice.Of(null, "--sim", Here), Is.EqualTo(new HypervisorChoice(HypervisorKind.Sim, "running on a simulated machine because of --sim")));
    });

    [TestCase("control_d\n", null, null, true)]
    [TestCase("\n", "xen\n", "00000000-0000-0000-0000-000000000000", false, TestName = "A guest that has mounted xenfs is not a dom0")]
    [TestCase(null, "xen\n", "00000000-0000-0000-0000-000000000000\n", true, TestName = "A dom0 without xenfs is recognised by its handle")]
    [TestCase(null, "xen\n", "9f3b5c1e-7a40-4d6a-9d56-0a8d3a0f2b11\n", false)]
    [TestCase(null, "xen\n", null, false)]
    [TestCase(null, null, null, false)]
    public void A_dom0_is_recognised_by_the_files_of_the_kernel(string? capabilities, string? type, string? uuid, bool dom0) =>
        Assert.That(Dom0.Detect(path => path switch
        {
            "/proc/xen/capabilities" => capabilities,
            "/sys/hypervisor/type" => type,
            "/sys/hypervisor/uuid" => uuid,
            _ => null,
        }).IsDom0, Is.EqualTo(dom0));

    [Test]
    public void A_second_daemon_on_the_machine_is_rejected_until_the_first_one_has_ended()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("lock").FullName, "actors", "lock");
        using (DaemonLock.Take(path))
            Assert.That(() => DaemonLock.Take(path), Throws.TypeOf<CommandException>().With.Message.Contains("another actors daemon is running on this machine"));
        DaemonLock.Take(path).Dispose();
    }
}
