using System.Globalization;
using Actors.Sdk;

namespace Actors.Balloon;

/// <summary>
/// Somebody else writes <c>memory/target</c>, too: <c>xl mem-set</c>, libvirt, another daemon. Two that both insist move a guest up and down
/// for ever, so this one yields, until it is asked again. Pure.
/// </summary>
internal static class SecondWriter
{
    /// <summary>Whether this was given up to them already, and nobody has asked for it anew.</summary>
    public static bool StillHas(BalloonRecord record, Kib? target, BalloonAim aim, TargetRequest request) =>
        record.Yielded is { } yielded && target != record.Asked && aim.Target == record.Asked && request.Serial <= yielded;

    public static string Words(Kib? target, BalloonRecord record) =>
        $"somebody else (xl mem-set, another daemon?) wrote {Value(target)} while the balloon was asked for {Value(record.Asked)}: it is left to "
        + "them; stop that writer, and set the target again to take the balloon back";

    public static string Value(Kib? target) => target is { } value
        ? string.Create(CultureInfo.InvariantCulture, $"{DomainKeys.BalloonTarget} = {value.Value} ({value})")
        : $"nothing readable to {DomainKeys.BalloonTarget}";
}
