using Actors.Peers.Conformance;
using Actors.XenStore.Protocol;

namespace Actors.Peers.Lockstep;

/// <summary>
/// Sends the same random requests to the embedded store and to the real xenstored: two connections of dom0 and two guests, one request
/// at a time. Every reply, every event and their order on each connection must be the same, and so must all nodes. (oxenstored differs
/// from both by design; the conformance suite documents that.)
/// </summary>
public sealed class LockstepTests
{
    private const int StepsPerStore = 20_000;
    private const int StepsPerDump = 500;
    private static readonly int[] Domids = [0, 0, 7, 8];

    [Test]
    public async Task The_embedded_store_and_xenstored_behave_the_same()
    {
        var start = TimeProvider.System.GetTimestamp();
        var (steps, seed) = (0L, Budget.Seed);
        for (; TimeProvider.System.GetElapsedTime(start) < Budget.Time; seed++)
            steps += await RunAsync(seed, start);
        await TestContext.Out.WriteLineAsync($"{steps} steps, seeds {Budget.Seed} to {seed - 1}, no difference");
    }

    private static async Task<int> RunAsync(int seed, long start)
    {
        await using var ours = await Side.StartAsync(Store.Embedded, Domids);
        await using var theirs = await Side.StartAsync(Store.Xenstored, Domids);
        var source = new StepSource(seed, Domids);
        var history = new List<string>();
        var explained = new ExplainedDifferences();
        for (var count = 1; count <= StepsPerStore && TimeProvider.System.GetElapsedTime(start) < Budget.Time; count++)
        {
            var step = source.Next();
            history.Add($"{step}");
            var expected = theirs.Execute(step);
            var actual = ours.Execute(step);
            history[^1] += $" → {string.Join(", ", expected)}";
            if (step.Type == MessageType.ResetWatches)
                source.Reset(step.Connection);
            if (!explained.AreEqual(step, actual, expected))
                Assert.Fail(await ReportAsync($"A difference in step {count} with PEERS_SEED={seed}. The embedded store: {string.Join(", ", actual)}."));
            if (count % StepsPerDump == 0)
                Assert.That(await ours.DumpAsync(), Is.EqualTo(await theirs.DumpAsync()), $"the nodes after step {count} with PEERS_SEED={seed}");
        }
        return history.Count;

        async Task<string> ReportAsync(string difference)
        {
            var file = Path.GetTempFileName();
            await File.WriteAllLinesAsync(file, [.. history, "The nodes of xenstored:", .. await theirs.DumpAsync()]);
            return $"{difference} All steps and nodes are in {file}. xenstored is the last of:\n{string.Join('\n', history.TakeLast(20))}";
        }
    }
}
