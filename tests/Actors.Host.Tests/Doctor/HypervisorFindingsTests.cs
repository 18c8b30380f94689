using Actors.Host.Doctor;
using Actors.Sdk;
using Actors.Xen;
using Actors.Xen.Hypercalls;

namespace Actors.Host.Tests.Doctor;

internal sealed class HypervisorFindingsTests
{
    private static readonly XenFeatures Debian = new("4.17.5", new InterfaceVersions(0x15, 0x15), true, true, false, false, null, true, null, Kib.Zero);

    [Test]
    public void A_missing_feature_is_reported_with_its_effect_and_advice()
    {
        var findings = HypervisorFindings.Of(Debian).ToDictionary(finding => finding.Subject);

        Assert.Multiple(() =>
        {
            Assert.That(findings["hypervisor"].Text, Does.StartWith("Xen 4.17.5, toolstack interface domctl 0x15"));
            Assert.That(findings["HAP"].Status, Is.EqualTo(FindingStatus.Ok));
            Assert.That(findings["memory paging"], Has.Property("Status").EqualTo(FindingStatus.Missing).And.Property("Text").Contains("the actor 'paging' is unable"));
            Assert.That(findings.Values.Where(finding => finding.Status != FindingStatus.Ok).Select(finding => finding.Advice), Has.All.Not.Empty);
        });
    }

    [Test]
    public void A_machine_without_hardware_virtualisation_has_no_hap() =>
        Assert.That(HypervisorFindings.Of(Debian with { Hvm = false, Hap = false }).Single(finding => finding.Subject == "HAP").Text, Does.Contain("only PV guests"));
}
