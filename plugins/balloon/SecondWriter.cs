using System.Globalization;
using Actors.Sdk;

namespace Actors.Balloon;

/// <summary>
/// Detects another program that writes <c>memory/target</c>: <c>xl mem-set</c>, libvirt, another daemon. If both insisted, the guest would
/// move up and down forever. So this actor yields until it gets a new request. Pure.
/// </summary>
internal static class SecondWriter
{
    /// <summary>Whether a request yielded before and repeats itself, although the target is still another program's.</summary>
    /// <param name="record">What is known about the domain.</param>
    /// <param name="target">The value of <c>memory/target</c>.</param>
    /// <param name="own">The value that actors last wrote there.</param>
    /// <param name="request">The request.</param>
    public static bool StillOwns(BalloonRecord record, Kib? target, Kib? own, TargetRequest request) =>
        record.Yielded is { } yielded && request.Serial <= yielded && target != own;

    public static string Reason(Kib? target, Kib? own) =>
        $"another program (xl mem-set, another daemon?) wrote {Describe(target)} over {Describe(own)}, so the balloon is left to it; "
        + "stop that program and set the target again to take the balloon back";

    public static string Describe(Kib? target) => target is { } value
        ? string.Create(CultureInfo.InvariantCulture, $"{DomainKeys.BalloonTarget} = {value.Value} ({value})")
        : $"an unreadable {DomainKeys.BalloonTarget}";
}
