using Actors.Sdk;

namespace Actors.Dispatch.Decisions;

/// <summary>What a crash after the outcome teaches about a guest whose balloon had taken memory. Pure.</summary>
internal static class CrashLesson
{
    /// <summary>Returns the lesson; <see langword="null"/> if the guest did not crash, or had nearly all of its memory.</summary>
    /// <param name="now">What the hypervisor reports.</param>
    /// <param name="holdsBalloon">Whether an actor has set the balloon's target.</param>
    /// <param name="staticMax">The most that the guest can hold.</param>
    public static LearnedLimit? Of(DomainInfo now, bool holdsBalloon, Kib? staticMax) =>
        now.State == DomainState.Crashed && holdsBalloon && staticMax is { } most && now.Populated < new Kib(most.Value / 8 * 7)
            ? new LearnedLimit(now.Populated, $"it crashed at {now.Populated}") { Crashed = true }
            : null;
}
