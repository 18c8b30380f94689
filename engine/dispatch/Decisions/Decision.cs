using System.Globalization;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Registry;
using Actors.Sdk;

namespace Actors.Dispatch.Decisions;

/// <summary>What is to be done about a domain.</summary>
internal abstract record Decision
{
    /// <summary>No target, nothing to do.</summary>
    public sealed record Idle : Decision;

    /// <summary>The domain names an actor that is not ours.</summary>
    public sealed record External(string Actor) : Decision;

    /// <summary>The target cannot be acted on. <paramref name="Waits"/>: it can once the domain's state changes, so look again.</summary>
    public sealed record Refuse(Kib? Target, string Reason, bool Waits = false) : Decision;

    /// <summary>Hand the target to an actor.</summary>
    public sealed record Act(DispatchPlan Plan) : Decision;
}

/// <summary>A target on its way to an actor, and why it goes there.</summary>
internal sealed record DispatchPlan(string Via, ActorEntry Actor, TargetRequest Request, TimeSpan? PrimaryTimeout, string Why)
{
    /// <summary>Whether both want the same of the same actor.</summary>
    public bool IsSameRequest(DispatchPlan other) =>
        Via == other.Via && Actor.IsSameAs(other.Actor)
        && Request == (other.Request with { Serial = Request.Serial }) && PrimaryTimeout == other.PrimaryTimeout;
}

/// <summary>Turns a situation into a decision. Pure: the same situation gives the same decision.</summary>
internal static class Decider
{
    public static Decision Decide(DomainSnapshot situation, ActorDirectory directory)
    {
        if (situation.Target is not { } text)
            return new Decision.Idle();
        if (GuestCouldWrite(situation) is { } writable)
            return new Decision.Refuse(null, writable);
        var (key, keyError) = ActorKey.Parse(situation.Settings.Actor);
        if (key is null)
            return new Decision.Refuse(null, keyError!);
        var choice = directory.Choose(key);
        if (choice is ActorChoice.External external)
            return new Decision.External(external.Name);
        if (choice is ActorChoice.Missing missing)
            return new Decision.Refuse(null, $"the actor key '{key}' names nobody: {missing.Reason}");
        if (Kilobytes(text) is not { } target)
            return new Decision.Refuse(null, $"the target '{Shown(text)}' is not a number of KiB in decimal digits");
        return Check(situation, target, key, ((ActorChoice.Ours)choice).Entry);
    }

    /// <summary>What would become of the same target, were it this policy's.</summary>
    public static Decision DecideFor(DomainSnapshot situation, ActorEntry actor) => Kilobytes(situation.Target) is { } target
        ? Check(situation, target, new ActorKey(IsXl: true, actor.Name, ""), actor)
        : new Decision.Idle();

    private static Decision Check(DomainSnapshot situation, Kib target, ActorKey key, ActorEntry actor)
    {
        if (situation.StaticMax is { } maxText && Kilobytes(maxText) is null)
            return new Decision.Refuse(target, $"memory/static-max '{Shown(maxText)}' is not a number of KiB; the toolstack must mend it");
        if (situation.Settings.Floor is { } floorText && Kilobytes(floorText) is null)
            return new Decision.Refuse(target, $"memory-policy/floor '{Shown(floorText)}' is not a number of KiB in decimal digits");
        if (situation.Settings.Timeout is { } timeoutText && Seconds(timeoutText) is null)
            return new Decision.Refuse(target, $"memory-policy/timeout '{Shown(timeoutText)}' is not a number of seconds (1 to {MaxSeconds})");
        if ((Kilobytes(situation.StaticMax) ?? situation.Info?.MaxMem) is not { } most)
            return new Decision.Refuse(target, "memory/static-max is missing: how much the domain may have is not known");
        var staticMax = Kib.Min(most, situation.Machine ?? most);

        var floor = Floors.For(Kilobytes(situation.Settings.Floor), actor, staticMax);
        if (target > staticMax)
            return new Decision.Refuse(target, $"the target {target} ({target.Value} KiB) is above the domain's static-max of {staticMax}");
        if (target < floor.Amount)
            return new Decision.Refuse(target, BelowFloor(target, floor, staticMax));
        if (situation.Info is { } info && Unmovable(info.State) is var (reason, waits))
            return new Decision.Refuse(target, reason, waits);

        var request = new TargetRequest
        {
            Target = target,
            Argument = key.Argument,
            Floor = floor.Amount,
            Tolerance = (actor as PolicyEntry)?.Tolerance ?? new Kib(1024),
        };
        var why = $"target {target.Value} KiB; actor key '{key}'{(situation.Settings.Actor is null ? " (absent)" : "")} means "
            + $"{(actor.IsPolicy ? "policy" : "actor")} '{actor.Name}'; floor {floor}; static-max {staticMax}; nothing clipped";
        return new Decision.Act(new DispatchPlan(key.ToString(), actor, request, Seconds(situation.Settings.Timeout), why));
    }

    private static string? GuestCouldWrite(DomainSnapshot situation)
    {
        foreach (var (name, permissions) in situation.Settings.Permissions.Prepend((PolicyKeys.Target, situation.TargetPermissions)))
        {
            if (permissions is { WritableByGuests: true })
            {
                return $"memory-policy/{name} has permissions {permissions}: a guest could have written it, so it is not trusted; "
                    + $"give it back with 'xenstore-chmod {PolicyKeys.Of(situation.Domid, name)} n0 r{situation.Domid}' and write it again";
            }
        }
        return null;
    }

    private static string BelowFloor(Kib target, Floor floor, Kib staticMax)
    {
        var reason = $"the target {target} ({target.Value} KiB) is below the floor of {floor}: the guest would run out of memory";
        var asMiB = Kib.FromMiB(target.Value);
        return asMiB >= floor.Amount && asMiB <= staticMax
            ? $"{reason}; a plain number is KiB: for {target.Value} MiB write {asMiB.Value}"
            : reason;
    }

    private static (string Reason, bool Waits)? Unmovable(DomainState state) => state switch
    {
        DomainState.Running => null,
        DomainState.Booting => ("the domain is still booting; its target will be acted on when it is up", true),
        DomainState.Paused => ("the domain is paused; its target will be acted on when it is unpaused (xl unpause)", true),
        DomainState.Saving => ("the domain is being saved or migrated; its target will be acted on when that is over", true),
        DomainState.ShutDown => ("the domain is shut down", false),
        DomainState.Crashed => ("the domain has crashed", false),
        _ => ("the domain is dying", false),
    };

    private static Kib? Kilobytes(string? text) =>
        text is { Length: > 0 and <= 18 } && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? new Kib(value)
            : null;

    private static TimeSpan? Seconds(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 1 and <= MaxSeconds
            ? TimeSpan.FromSeconds(seconds)
            : null;

    private static string Shown(string text) => new([.. text.Take(32).Select(letter => char.IsControl(letter) ? '?' : letter)]);

    private const int MaxSeconds = 30 * 24 * 3600;
}
