using Actors.Host.Doctor;
using Actors.Sdk;
using Actors.Xen.Paging;

namespace Actors.Host.Tests.Doctor;

internal sealed class PagerFindingsTests
{
    [Test]
    public void Xenpaging_whose_answers_nobody_completes_is_told_with_what_follows() =>
        Assert.That(Of(new Program("/usr/sbin/xenpaging"))["xenpaging's answers"].Advice, Does.Contain("stands still for ever").And.Contain("take the published program"));

    [Test]
    public void Where_there_is_no_xenpaging_that_alone_is_told() =>
        Assert.That(Of(new Program(null)).Values.Select(finding => (finding.Subject, finding.Standing)),
            Is.EqualTo(new[] { ("xenpaging", Standing.Lacks), ("page files", Standing.Ok) }));

    private static Dictionary<string, DoctorFinding> Of(IPagingProgram program) =>
        PagerFindings.Of(null, program, new PageFileFolder(Path.GetTempPath())).ToDictionary(finding => finding.Subject);

    private sealed class Program(string? path) : IPagingProgram
    {
        public string? Path => path;

        public string? WhyNot => path is null ? "not installed" : null;

        public IPagerProcess Start(int domid, Kib most, string pageFile, string logFile) => throw new NotSupportedException();

        public IPagerProcess? Find(int domid) => null;
    }
}
