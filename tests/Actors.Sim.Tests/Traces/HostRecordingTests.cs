using Actors.Sdk;
using Actors.Sim.Recordings;
using Actors.Yaml;
using static Actors.Sim.Tests.Specs;

namespace Actors.Sim.Tests.Traces;

internal sealed class HostRecordingTests
{
    private const string Web = "0e8f5d3c-1111-4a66-9f10-000000000001";

    [Test]
    public void A_row_is_read_as_it_was_written()
    {
        var full = new RecordedDomain
        {
            Time = new DateTimeOffset(2026, 1, 31, 12, 0, 0, 123, TimeSpan.Zero),
            Domid = 7,
            Uuid = Guid.Parse(Web),
            Name = "web, \"front\"",
            Kind = DomainKind.Hvm,
            State = DomainState.Paused,
            Footprint = MiB(512),
            MaxMem = MiB(513),
            PagedOut = MiB(3),
            Target = MiB(500),
            Actor = "xl:balloon",
            BalloonTarget = MiB(499),
            StaticMax = MiB(1024),
            Report = new RecordedReport(MiB(480), MiB(100)) { Cached = MiB(50), Kernel = MiB(60), Committed = MiB(300), SwapTotal = MiB(10), SwapFree = MiB(9) },
            HostTotal = MiB(8192),
            HostFree = MiB(4096),
        };
        var bare = new RecordedDomain { Time = full.Time, Domid = 8, Uuid = Guid.NewGuid(), Footprint = MiB(1) };
        var problems = new YamlProblems("r.csv");
        var recording = Recording.Read([RecordingColumns.Heading, RecordingColumns.Line(full), RecordingColumns.Line(bare)], null, problems);

        Assert.That(problems.InOrder, Is.Empty);
        Assert.That(recording!.Samples.Single().Domains, Is.EqualTo(new[] { full, bare }));
    }

    [Test]
    public void Columns_may_be_in_any_order_and_unknown_ones_are_ignored()
    {
        var recording = Recording.Read(["footprint_kib,uuid,mood,domid,time", $"1024,{Web},good,3,2026-01-31T12:00:00Z"], null, new YamlProblems("r.csv"));

        Assert.That(recording!.Samples[0].Domains[0].Footprint, Is.EqualTo(MiB(1)));
    }

    [TestCase("", "1:1: the recording is empty: expected a first line of 'time,domid,uuid,name,")]
    [TestCase("time,uuid\n", "1:1: the first line must name the columns; missing: domid, footprint_kib")]
    [TestCase("time,time,domid,uuid,footprint_kib\n", "1:6: the column 'time' appears twice")]
    [TestCase("HEAD\nA,3,U,many", "2:64: 'footprint_kib': expected a number of KiB, found 'many'")]
    [TestCase("HEAD\nyesterday,3,U,1", "2:1: 'time': expected a time such as 2026-01-31T12:00:00.000Z, found 'yesterday'")]
    [TestCase("HEAD\nA,3,nobody,1", "2:27: 'uuid': expected a UUID, found 'nobody'")]
    [TestCase("HEAD\nA,3,U", "2:1: expected 4 values, as in the first line, found 3")]
    [TestCase("HEAD\nA,3,\"U,1", "2:1: a quote is missing or in the wrong place")]
    [TestCase("HEAD\nA,3,U,1\nA,3,U,1", "3:1: domain 3 appears twice in the sample of 12:00:00")]
    [TestCase("HEAD\nB,3,U,1\nA,3,U,1", "3:1: time runs backwards: -10 s comes after 0 s")]
    [TestCase("HEAD\nA,3,U,1\nB,3,U,1\nC,3,U,1\nD,3,U,1", "5:1: a gap: nothing was recorded from 20 s to 60 s, and the interval is 10s")]
    public void A_mistake_is_reported_with_its_place(string text, string error)
    {
        text = text.Replace("HEAD", "time,domid,uuid,footprint_kib", StringComparison.Ordinal).Replace("U", Web, StringComparison.Ordinal)
            .Replace("\nA", "\n2026-01-31T12:00:00.00Z", StringComparison.Ordinal).Replace("\nB", "\n2026-01-31T12:00:10.00Z", StringComparison.Ordinal)
            .Replace("\nC", "\n2026-01-31T12:00:20.00Z", StringComparison.Ordinal).Replace("\nD", "\n2026-01-31T12:01:00.00Z", StringComparison.Ordinal);
        var problems = new YamlProblems("r.csv");

        Assert.That(Recording.Read(text.Split('\n'), null, problems), Is.Null);
        Assert.That(problems.InOrder.Select(problem => problem.ToString()), Has.One.StartsWith($"r.csv:{error}"));
    }
}
