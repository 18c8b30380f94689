using Actors.Host.Doctor;
using Actors.Sdk;
using Actors.Xen.Paging;

namespace Actors.Host.Tests.Doctor;

internal sealed class PagerFindingsTests
{
    [Test]
    public void Without_the_library_that_completes_xenpagings_answers_the_doctor_says_that_guests_hang() =>
        Assert.That(Of(new Program("/usr/sbin/xenpaging"))["xenpaging's answers"].Advice, Does.Contain("hangs forever").And.Contain("install the published program"));

    [Test]
    public void Without_xenpaging_the_doctor_reports_only_that() =>
        Assert.That(Of(new Program(null)).Values.Select(finding => (finding.Subject, finding.Status)),
            Is.EqualTo(new[] { ("xenpaging", FindingStatus.Missing), ("page files", FindingStatus.Ok) }));

    private static Dictionary<string, DoctorFinding> Of(IPagingProgram program) =>
        PagerFindings.Of(null, program, new PageFileFolder(Path.GetTempPath())).ToDictionary(finding => finding.Subject);

    private sealed class Program(string? path) : IPagingProgram
    {
        public string? Path => path;

        public string? WhyNot => path is null ? "not installed" : null;

        public IPagerProcess Start(int domid, Kib most, PagerFiles files) => throw new NotSupportedException();

        public IPagerProcess? Find(int domid) => null;
    }
}
