namespace Actors.Dispatch.Journal;

/// <summary>What one shadow policy would have done.</summary>
/// <param name="Policy">The policy's name.</param>
/// <param name="Plan">The policy's steps and their limits, in one line.</param>
/// <param name="Difference">The first difference from what really happened; absent if there is none.</param>
internal sealed record JournalShadow(string Policy, string Plan, string? Difference);
