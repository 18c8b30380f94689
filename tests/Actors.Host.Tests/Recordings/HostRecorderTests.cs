using Actors.Cli.Control;
using Actors.Host.Recordings;
using Actors.Sim.Clock;
using Actors.XenStore;
using Actors.XenStore.Embedded;

namespace Actors.Host.Tests.Recordings;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class HostRecorderTests
{
    private static readonly Guid Web = Guid.Parse("0e8f5d3c-1111-4a66-9f10-000000000001");
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly SimulationClock _clock = new();
    private readonly List<string> _lines = [];
    private readonly List<string> _reads = [];
    private int _listings;

    [Test]
    public void A_sample_costs_one_listing_and_reads_no_key_twice()
    {
        Record(TimeSpan.FromSeconds(30));

        Assert.That(_listings, Is.EqualTo(4));
        Assert.That(_reads.Count(path => path == "/local/domain/1/memory/meminfo"), Is.EqualTo(4), "once per sample");
        Assert.That(_reads.Count(path => path is "/local/domain/1/name" or "/local/domain/1/memory/static-max"), Is.EqualTo(2), "once");
        Assert.That(_reads.GroupBy(path => path).Select(reads => reads.Count()), Is.All.LessThanOrEqualTo(4));
    }

    [Test]
    public void A_row_has_what_the_keys_say()
    {
        Record(TimeSpan.Zero);

        Assert.That(_lines, Has.Count.EqualTo(2));
        Assert.That(_lines[1], Is.EqualTo($"2026-01-01T00:00:00.000Z,1,{Web},\"web,1\",pvh,running,524288,525312,1024,500000,xl:balloon,499000,1048576,400000,100000,30000,,,,,,"));
    }

    [TestCase("rm -rf\n\u001b[2J", TestName = "Control characters of a guest do not reach the recording")]
    public void What_a_guest_writes_is_parsed_strictly(string text)
    {
        Record(TimeSpan.Zero, text);

        Assert.That(_lines[1], Does.EndWith(",1048576,,,,,,,,,"));
    }

    [Test]
    public void A_recording_ends_before_it_is_larger_than_allowed()
    {
        var end = Record(TimeSpan.FromHours(1), most: 1000);

        Assert.That(end, Is.EqualTo(new RecordingEnd(_lines.Count - 1, 1, IsFull: true)));
        Assert.That(_lines.Sum(line => line.Length + 1), Is.LessThanOrEqualTo(1000).And.GreaterThan(700));
    }

    [Test]
    public void A_recording_that_is_stopped_keeps_whole_samples()
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(25), _clock);

        Assert.That(Record(TimeSpan.FromHours(1), stop: stop.Token), Is.EqualTo(new RecordingEnd(3, 1, IsFull: false)));
    }

    private RecordingEnd Record(TimeSpan length, string? meminfo = null, long most = long.MaxValue, CancellationToken stop = default)
    {
        RecordingEnd? end = null;
        _clock.Run(async () =>
        {
            var store = new EmbeddedXenStore().Connect(0);
            foreach (var (key, value) in new[]
            {
                ("name", "web,1"), ("memory/static-max", "1048576"), ("memory/target", "499000"), ("memory-policy/target", "500000"), ("memory-policy/actor", "xl:balloon"),
                ("memory/meminfo", meminfo ?? "MemTotal: 400000 kB\nMemAvailable:  100000 kB\nCached: 30000 kB\n"),
            })
                await store.WriteTextAsync($"/local/domain/1/{key}", value);
            var sampler = new HostSampler(Reads.Of(store, _reads), _ =>
            {
                _listings++;
                return Task.FromResult(new HostListing(8 << 20, 4 << 20, [new ListedDomain(1, Web, "Pvh", "Running", 524288, 525312, 1024)]));
            }, _clock);
            end = await new HostRecorder(sampler, Interval, _clock).RecordAsync(_lines.Add, new RecordingLimits(length, most), stop);
        }, TimeSpan.FromHours(2));
        return end!;
    }
}
