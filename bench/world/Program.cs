using System.Diagnostics;
using System.Globalization;
using Actors.WorldBench;

const double Work = 20_000_000;
const double Must = 2_000_000;
const long MostBytes = 64 * 1024;
const double LinearMust = 0.5;
int[] sizes = [10, 100, 1_000, 10_000];

if (args.Length > 1 || (args.Length == 1 && !double.TryParse(args[0], CultureInfo.InvariantCulture, out _)))
{
    await Console.Error.WriteLineAsync("usage: Actors.WorldBench [SIZE]    (default: 1; each row simulates SIZE times 20,000,000 domain-seconds)");
    return 2;
}
var work = Work * (args.Length == 1 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 1);
var met = true;

// The JIT compiles what the world needs.
WorldRun.Play(PlainWorld.Of(100, Length(100, 0.1), TimeSpan.FromMinutes(1)), Length(100, 0.1), metered: true);

Print("| world | domains | domain-seconds, /s | build, µs a domain | trace |");
Print("|---|---:|---:|---:|---|");
var plain = sizes.Select(domains => Row("sine of 10 min, balloons move", domains, TimeSpan.FromMinutes(10))).ToList();
Row("sine of 1 min, balloons move", 1_000, TimeSpan.FromMinutes(1));
Row("at rest", 1_000, null);
Row("sine of 10 min, balloons move, measured as in a study", 1_000, TimeSpan.FromMinutes(10), metered: true);
Row("at rest, measured as in a study", 1_000, null, metered: true);
var linear = plain[^1] / plain.Max();
met &= plain[2] >= Must && linear >= LinearMust;
Print("");
Print("| figure | measured | must | |");
Print("|---|---:|---:|---|");
Print(string.Create(CultureInfo.InvariantCulture, $"| 10,000 domains against the best, per domain-second | {linear:0.00} | ≥ {LinearMust} | {Mark(linear >= LinearMust)} |"));
Weigh("a domain of 4 GiB at rest, bytes", superpages: false);
Weigh("the same with superpages, bytes", superpages: true);
Workers();
return met ? 0 : 1;

TimeSpan Length(int domains, double part = 1) => TimeSpan.FromSeconds(Math.Ceiling(work * part / domains));

static void Print(string line) => Console.Out.WriteLine(line);

static string Mark(bool isMet) => isMet ? "" : "**missed**";

double Row(string name, int domains, TimeSpan? period, bool metered = false)
{
    var length = Length(domains, metered || period < TimeSpan.FromMinutes(2) ? 0.2 : 1);
    var run = WorldRun.Play(PlainWorld.Of(domains, length, period), length, metered);
    var rate = length.TotalSeconds * domains / run.Played.TotalSeconds;
    Print(string.Create(CultureInfo.InvariantCulture, $"| {name} | {domains:#,0} | {rate:#,0} | {run.Built.TotalMicroseconds / domains:#,0} | {run.Trace} |"));
    return rate;
}

void Weigh(string name, bool superpages)
{
    var bytes = WorldRun.Play(PlainWorld.Of(1_000, TimeSpan.Zero, null, superpages), TimeSpan.FromSeconds(1), weighed: true).BytesPerDomain;
    met &= bytes <= MostBytes;
    Print(string.Create(CultureInfo.InvariantCulture, $"| {name} | {bytes:#,0} | ≤ {MostBytes:#,0} | {Mark(bytes <= MostBytes)} |"));
}

// Every core plays a world of its own, as the runs of a study do.
void Workers()
{
    const int Domains = 1_000;
    var length = Length(Domains, 0.5);
    var cores = Environment.ProcessorCount;
    string[] Traces(int workers, out TimeSpan took)
    {
        var begun = Stopwatch.GetTimestamp();
        var traces = Enumerable.Range(1, cores).AsParallel().AsOrdered().WithDegreeOfParallelism(workers)
            .Select(seed => WorldRun.Play(PlainWorld.Of(Domains, length, TimeSpan.FromMinutes(10), seed: seed), length).Trace).ToArray();
        took = Stopwatch.GetElapsedTime(begun);
        return traces;
    }
    var one = Traces(1, out var alone);
    var many = Traces(cores, out var together);
    met &= one.SequenceEqual(many);
    Print(string.Create(CultureInfo.InvariantCulture, $"| {cores} worlds on {cores} cores against one core, speed-up | {alone / together:0.00} | | |"));
    Print($"| the same traces on one core and on {cores} | {(one.SequenceEqual(many) ? "yes" : "NO")} | yes | {Mark(one.SequenceEqual(many))} |");
}
