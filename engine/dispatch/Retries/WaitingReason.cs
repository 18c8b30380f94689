using Actors.Sdk;
using Actors.Sdk.Text;

namespace Actors.Dispatch.Retries;

/// <summary>What a domain waits for, for the operator.</summary>
internal static class WaitingReason
{
    /// <summary>Adds to the reason of an outcome what the target waits for.</summary>
    public static string Add(string reason, Waiting? waiting, Kib? footprint) => waiting is null ? reason
        : waiting.Lack.Kinds == LackKinds.None ? reason
        : $"{reason}; waiting for {For(waiting, footprint ?? waiting.Target)}; retried automatically";

    /// <summary>What the domain waits for: any of these can lead to a retry.</summary>
    public static string For(Waiting waiting, Kib footprint)
    {
        var parts = new List<string>();
        void Part(LackKinds kind, string text)
        {
            if (waiting.Lacks(kind))
                parts.Add(text);
        }
        Part(LackKinds.DomainState, "the domain to run");
        Part(LackKinds.HostMemory, $"{waiting.HostMemoryFor(footprint)} of free host memory");
        Part(LackKinds.MaxMem, "a higher max_mem");
        Part(LackKinds.BalloonDriver, "the guest's balloon driver");
        Part(LackKinds.GuestMemory, "memory that the guest can spare");
        Part(LackKinds.Actor, "the actor or policy");
        Part(LackKinds.Time, "the guest to make progress");
        if (waiting.Every is { } every)
            parts.Add($"{DurationText.Format(every)} to pass (on_short: retry)");
        return string.Join(" or ", parts);
    }
}
