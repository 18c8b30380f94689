using System.Globalization;
using Actors.Sdk;

namespace Actors.Balloon;

/// <summary>
/// Detects another program that writes <c>memory/target</c>: <c>xl mem-set</c>, libvirt, another daemon. If both insisted, the guest would
/// move up and down forever. So this actor yields until it gets a new request. Pure.
/// </summary>
internal static class SecondWriter
{
    /// <summary>Whether the balloon was already left to the other program, and no newer request has asked for it.</summary>
    public static bool StillOwns(BalloonRecord record, Kib? target, BalloonPlan plan, TargetRequest request) =>
        record.Yielded is { } yielded && target != record.Written && plan.Target == record.Written && request.Serial <= yielded;

    public static string Reason(Kib? target, BalloonRecord record) =>
        $"another program (xl mem-set, another daemon?) wrote {Describe(target)} over {Describe(record.Written)}, so the balloon is left to it; "
        + "stop that program and set the target again to take the balloon back";

    public static string Describe(Kib? target) => target is { } value
        ? string.Create(CultureInfo.InvariantCulture, $"{DomainKeys.BalloonTarget} = {value.Value} ({value})")
        : $"an unreadable {DomainKeys.BalloonTarget}";
}
