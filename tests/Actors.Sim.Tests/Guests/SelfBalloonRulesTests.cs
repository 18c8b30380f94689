using System.Text.Json;
using Actors.Sdk;
using Actors.Sim.Guests;
using Actors.Sim.Specs;

namespace Actors.Sim.Tests;

/// <summary>
/// The self-ballooning laws against what the published programs answered: the functions of Linux's xen-selfballoon.c, compiled, and the shell functions of
/// xenballoond. The vectors are in the folder Vectors.
/// </summary>
internal sealed class SelfBalloonRulesTests
{
    [Test]
    public void The_kernels_target_is_the_one_of_xen_selfballoon_c()
    {
        var checkedVectors = 0;
        foreach (var vector in Read("selfballoon-step.json"))
            checkedVectors += CheckKernel(vector.GetProperty("in"), vector.GetProperty("in"), vector.GetProperty("out"));
        foreach (var run in Read("selfballoon-trace.json"))
            foreach (var tick in run.GetProperty("out").GetProperty("ticks").EnumerateArray())
                checkedVectors += CheckKernel(run.GetProperty("in"), tick, tick);
        Assert.That(checkedVectors, Is.EqualTo(660));
    }

    [Test]
    public void The_daemons_target_is_the_one_of_xenballoond()
    {
        var checkedVectors = 0;
        foreach (var vector in Read("xenballoond-step.json"))
        {
            var (given, answer) = (vector.GetProperty("in"), vector.GetProperty("out"));
            // The daemon can also be directed by dom0, and then the kernel's driver does what it is told. A step of 0 means at once, or ends the daemon.
            if (given.GetProperty("directed_kb").ValueKind != JsonValueKind.Null || Number(given, "down") == 0 || Number(given, "up") == 0)
                continue;
            CheckDaemon(given, given, answer.GetProperty("floor_mb").GetInt64(), answer);
            if (Number(given, "min_mb_setting") == 0)
                Assert.That(SelfBalloonRules.DaemonFloor(Number(given, "max_kb") * 1024), Is.EqualTo(answer.GetProperty("floor_mb").GetInt64() << 20), $"{given}");
            checkedVectors++;
        }
        foreach (var run in Read("xenballoond-trace.json"))
            foreach (var tick in run.GetProperty("out").GetProperty("ticks").EnumerateArray())
            {
                CheckDaemon(run.GetProperty("in"), tick, Number(run.GetProperty("in"), "floor_mb"), tick);
                checkedVectors++;
            }
        Assert.That(checkedVectors, Is.GreaterThan(600));
    }

    [TestCase(512, 111.9)]
    [TestCase(1024, 127.9)]
    [TestCase(4096, 223.9)]
    public void The_kernels_floor_for_a_size(long mebibytes, double floor) => Assert.That(
        SelfBalloon.FloorOf(new SelfBalloonSpec(), Kib.FromMiB(mebibytes).ToPages(), Pages.Zero).ToKib().Value / 1024.0, Is.EqualTo(floor).Within(0.05));

    [TestCase(512, 168)]
    [TestCase(1024, 232)]
    [TestCase(4096, 424)]
    public void The_daemons_floor_for_a_size_is_much_higher(long mebibytes, long floor) => Assert.That(
        SelfBalloon.FloorOf(new SelfBalloonSpec { Law = SelfBalloonLaw.Xenballoond }, Kib.FromMiB(mebibytes).ToPages(), Pages.Zero).ToKib(),
        Is.EqualTo(Kib.FromMiB(floor)));

    private static int CheckKernel(JsonElement guest, JsonElement now, JsonElement answer)
    {
        ulong Of(JsonElement from, string name) => from.GetProperty(name).GetUInt64();
        // A kernel that shrinks its frontswap also keeps room for what is there.
        var view = new SelfBalloonView(
            Of(now, "totalram"), Of(guest, "totalreserve"), Of(guest, "max_pfn"), Of(now, "committed"),
            Of(guest, "selfshrink") * Of(now, "frontswap"), Of(guest, "min_usable_mb") * 256);
        var target = SelfBalloonRules.KernelTarget(view, SelfBalloonRules.KernelFloor(view), Of(guest, "down"), Of(guest, "up"));
        Assert.That(target + Of(now, "balloon_current") - view.Total, Is.EqualTo(Of(answer, "balloon_target")), $"{guest} {now}");
        return 1;
    }

    private static void CheckDaemon(JsonElement guest, JsonElement now, long floorMib, JsonElement answer) => Assert.That(
        SelfBalloonRules.DaemonTarget(Number(now, "memtotal_kb") * 1024, Number(now, "committed_kb") * 1024, floorMib << 20, Number(guest, "down"), Number(guest, "up")),
        Is.EqualTo(Number(answer, "target_bytes")), $"{guest} {now}");

    private static long Number(JsonElement from, string name) => from.GetProperty(name).GetInt64();

    private static JsonElement.ArrayEnumerator Read(string file)
    {
        using var vectors = typeof(SelfBalloonRulesTests).Assembly.GetManifestResourceStream($"Vectors/{file}")!;
        return JsonDocument.Parse(vectors).RootElement.EnumerateArray();
    }
}
