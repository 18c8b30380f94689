using Actors.XenStore.Protocol;

namespace Actors.Peers.Lockstep;

/// <summary>Compares the messages of a step. Only the differences that docs/xenstore.md explains are allowed.</summary>
internal sealed class ExplainedDifferences
{
    private readonly Dictionary<int, HashSet<int>> _failing = [];

    public bool AreEqual(Step step, IReadOnlyList<string> ours, IReadOnlyList<string> theirs)
    {
        var isExplained = IsFailing(step, theirs);
        if (step.Type == MessageType.TransactionEnd)
            End(step);
        else if (step.Type == MessageType.ResetWatches)
            _failing.Remove(step.Connection);
        if (ours.SequenceEqual(theirs))
            return true;
        // The order of a release's reply and event depends on the order of xenstored's connections.
        if (step.Type == MessageType.Release)
            return ours.Order(StringComparer.Ordinal).SequenceEqual(theirs.Order(StringComparer.Ordinal));
        return isExplained && step.Type != MessageType.TransactionEnd;
    }

    /// <summary>
    /// In a transaction, xenstored reads the nodes that it has not accessed yet from the live store. If a subtree that the transaction
    /// knows was removed outside, it fails with EIO. The commit will fail too, so until then its replies do not matter.
    /// </summary>
    private bool IsFailing(Step step, IReadOnlyList<string> theirs)
    {
        if (step.Transaction < 0)
            return false;
        if (!_failing.TryGetValue(step.Connection, out var transactions))
            _failing[step.Connection] = transactions = [];
        if (theirs.Contains($"{step.Connection} Error EIO|"))
            transactions.Add(step.Transaction);
        return transactions.Contains(step.Transaction);
    }

    private void End(Step step)
    {
        if (_failing.TryGetValue(step.Connection, out var transactions))
            _failing[step.Connection] = [.. transactions.Where(index => index != step.Transaction).Select(index => index > step.Transaction ? index - 1 : index)];
    }
}
