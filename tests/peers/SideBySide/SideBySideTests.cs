using Actors.Peers.Conformance;

namespace Actors.Peers.SideBySide;

/// <summary>
/// Runs random operations on the embedded store and on the real xenstored in parallel: every reply, every event and in the end every
/// node must be the same. (oxenstored differs from both by design; the conformance suite documents that.)
/// </summary>
public sealed class SideBySideTests
{
    private const int BetweenDumps = 500;
    private static readonly TimeSpan StallLimit = TimeSpan.FromSeconds(10);
    private static readonly int[] Domids = [0, 0, 7, 8];

    // xenstored reads from the live store the nodes that a transaction has not accessed yet. If a subtree that the transaction knows was
    // removed outside, it fails with EIO. The commit will fail too, so the replies until its end do not matter.
    private readonly HashSet<int> _stumbled = [];

    [Test]
    public async Task The_embedded_store_and_xenstored_behave_the_same()
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
            var answers = (Ours: await Within(ours.ApplyAsync(operation), "ours"), Theirs: await Within(theirs.ApplyAsync(operation), "theirs"));
            history[^1] += $" → {answers.Theirs}";
            if (answers.Theirs == "EIO" && ours.IsInTransaction(operation.Actor))
                _stumbled.Add(operation.Actor);
            var wasStumbling = _stumbled.Contains(operation.Actor);
            if (!ours.IsInTransaction(operation.Actor) && _stumbled.Remove(operation.Actor) && operation.Verb == Verb.Commit)
                Assert.That(answers, Is.EqualTo(("lost", "lost")), () => History("end of a transaction that had lost"));
            if (!wasStumbling)
                Assert.That(answers.Ours, Is.EqualTo(answers.Theirs), () => History("answer"));
            var events = (Ours: await Within(ours.EventsAsync(), "our events"), Theirs: await Within(theirs.EventsAsync(), "their events"));
            Assert.That(events.Ours, Is.EqualTo(events.Theirs), () => History("events"));
            if (step % BetweenDumps == 0)
                Assert.That(await ours.DumpAsync(), Is.EqualTo(await theirs.DumpAsync()), () => History("nodes"));
        }
        await TestContext.Out.WriteLineAsync($"{history.Count} operations, seed {Budget.Seed}");

        async Task<T> Within<T>(Task<T> answer, string whose)
        {
            try
            {
                return await answer.WaitAsync(StallLimit, TimeProvider.System);
            }
            catch (TimeoutException)
            {
                throw new TimeoutException(History($"missing answer ({whose})"));
            }
        }

        string History(string what) => $"The {what} of step {history.Count} with PEERS_SEED={Budget.Seed}, after:\n{string.Join('\n', history.TakeLast(60))}";
    }
}
