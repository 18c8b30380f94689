using Actors.Peers.Conformance;

namespace Actors.Peers.SideBySide;

/// <summary>
/// Random operations on the embedded store and on the real xenstored, side by side: every answer, every event and in the end every
/// node must be the same. (oxenstored differs from both by design; the conformance suite has the cases.)
/// </summary>
public sealed class SideBySideTests
{
    private const int BetweenDumps = 500;
    private static readonly int[] Domids = [0, 0, 7, 8];

    [Test]
    public async Task The_embedded_store_and_xenstored_do_the_same()
    {
        await using var ours = await Subject.StartAsync(Store.Embedded, Domids);
        await using var theirs = await Subject.StartAsync(Store.Xenstored, Domids);
        var source = new OperationSource(Budget.Seed, Domids);
        var history = new List<string>();
        var start = TimeProvider.System.GetTimestamp();
        for (var step = 1; TimeProvider.System.GetElapsedTime(start) < Budget.Time; step++)
        {
            var operation = source.Next();
            history.Add($"{operation}");
            var answers = (Ours: await ours.ApplyAsync(operation), Theirs: await theirs.ApplyAsync(operation));
            history[^1] += $" → {answers.Theirs}";
            Assert.That(answers.Ours, Is.EqualTo(answers.Theirs), () => Story("answer"));
            var events = (Ours: await ours.EventsAsync(), Theirs: await theirs.EventsAsync());
            Assert.That(events.Ours, Is.EqualTo(events.Theirs), () => Story("events"));
            if (step % BetweenDumps == 0)
                Assert.That(await ours.DumpAsync(), Is.EqualTo(await theirs.DumpAsync()), () => Story("nodes"));
        }
        await TestContext.Out.WriteLineAsync($"{history.Count} operations, seed {Budget.Seed}");

        string Story(string what) => $"The {what} of step {history.Count} with PEERS_SEED={Budget.Seed}, after:\n{string.Join('\n', history.TakeLast(60))}";
    }
}
