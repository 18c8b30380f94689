using System.Globalization;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Registry;
using Actors.Dispatch.Settings;
using Actors.Dispatch.Snapshots;
using Actors.Sdk;
using Actors.Sdk.Text;

namespace Actors.Dispatch.Decisions;

/// <summary>Turns a snapshot into a decision. Pure: the same snapshot gives the same decision.</summary>
internal static class Decider
{
    public const int MaxSeconds = 30 * 24 * 3600;
    public static readonly Kib DefaultTolerance = new(1024);

    public static Decision Decide(DomainSnapshot snapshot, ActorDirectory directory)
    {
        if (snapshot.Target is not { } text)
            return new Decision.Idle();
        if (GuestCouldWrite(snapshot) is { } writable)
            return new Decision.Refuse(null, writable);
        var settings = EffectiveSettings.Of(snapshot, directory.Classes);
        var (key, keyError) = ActorKey.Parse(settings.Actor.Value);
        if (key is null)
            return new Decision.Refuse(null, keyError!);
        var choice = directory.Choose(key);
        if (choice is ActorChoice.External external)
            return new Decision.External(external.Name);
        if (choice is ActorChoice.Missing missing)
            return new Decision.Refuse(StoredAmount.Parse(text), $"the actor key '{key}' cannot be used: {missing.Reason}", new Lack(LackKinds.Actor));
        if (StoredAmount.Parse(text) is not { } target)
            return new Decision.Refuse(null, $"the target '{Shown(text)}' is not a number of KiB in decimal digits");
        return Check(snapshot, settings, target, key, ((ActorChoice.Loaded)choice).Entry);
    }

    /// <summary>The decision that the same target would get from this policy.</summary>
    public static Decision DecideFor(DomainSnapshot snapshot, ActorDirectory directory, ActorEntry actor) => StoredAmount.Parse(snapshot.Target) is { } target
        ? Check(snapshot, EffectiveSettings.Of(snapshot, directory.Classes), target, new ActorKey(IsXl: true, actor.Name, ""), actor)
        : new Decision.Idle();

    private static Decision Check(DomainSnapshot snapshot, EffectiveSettings settings, Kib target, ActorKey key, ActorEntry actor)
    {
        if (SettingsProblem(snapshot, settings) is { } problem)
            return new Decision.Refuse(target, problem);
        // The toolstack writes memory/static-max last, and max_mem may still be 0 until then.
        if (snapshot is { StaticMax: null, Info.State: var building } && StateProblem(building) is (var unfinished, { } missing))
            return new Decision.Refuse(target, unfinished, missing);
        if ((StoredAmount.Parse(snapshot.StaticMax) ?? snapshot.Info?.MaxMem) is not { } most)
            return new Decision.Refuse(target, "memory/static-max is missing, so the maximum of the domain is unknown");
        var staticMax = Kib.Min(most, snapshot.HostTotal ?? most);

        var floor = Floors.For(FloorOf(settings), actor, staticMax, snapshot.Domid);
        if (target > staticMax)
            return new Decision.Refuse(target, $"the target {target} ({target.Value} KiB) is above the domain's static-max of {staticMax}");
        if (target < floor.Amount)
            return new Decision.Refuse(target, BelowFloor(target, floor, staticMax, snapshot.Domid));
        if (snapshot.Info is { } info && StateProblem(info.State) is var (reason, lack))
            return new Decision.Refuse(target, reason, lack);

        var request = new TargetRequest
        {
            Target = target,
            Argument = key.Argument,
            Floor = floor.Amount,
            FloorIsExplicit = !settings.Floor.IsDefault,
            Learned = snapshot.Learned,
            Tolerance = (actor as PolicyEntry)?.Tolerance ?? DefaultTolerance,
        };
        var why = $"target {target.Value} KiB; actor key '{key}'{(snapshot.Settings.Actor is not null ? "" : settings.Actor.IsDefault ? " (absent)" : $" ({settings.Actor.Source})")} means "
            + $"{(actor.IsPolicy ? "policy" : "actor")} '{actor.Name}'; floor {floor}; static-max {staticMax}; nothing clipped";
        return new Decision.Act(new DispatchPlan(key.ToString(), actor, request, Seconds(settings.Timeout.Value), why));
    }

    private static Floor? FloorOf(EffectiveSettings settings) => StoredAmount.Parse(settings.Floor.Value) is { } amount ? new Floor(amount, settings.Floor.Source) : null;

    private static string? SettingsProblem(DomainSnapshot snapshot, EffectiveSettings settings)
    {
        if (snapshot.StaticMax is { } maximum && StoredAmount.Parse(maximum) is null)
            return $"memory/static-max '{Shown(maximum)}' is not a number of KiB; the toolstack must fix it";
        if (settings.Floor.Value is { } floor && StoredAmount.Parse(floor) is null)
            return $"{settings.Floor.Source} '{Shown(floor)}' is not a number of KiB in decimal digits";
        if (settings.Timeout.Value is { } timeout && Seconds(timeout) is null)
            return $"{settings.Timeout.Source} '{Shown(timeout)}' is not a number of seconds (1 to {MaxSeconds})";
        return null;
    }

    private static string? GuestCouldWrite(DomainSnapshot snapshot)
    {
        foreach (var (name, permissions) in snapshot.Settings.Permissions.Prepend((PolicyKeys.Target, snapshot.TargetPermissions)))
        {
            // The sharing group decides nothing here. Sharing ignores one that a guest could have written.
            if (name != PolicyKeys.SharingGroup && permissions is { WritableByGuests: true })
            {
                return $"memory-policy/{name} has permissions {permissions}: a guest could have written it, so it is not trusted; "
                    + $"restore them with 'xenstore-chmod {PolicyKeys.Of(snapshot.Domid, name)} n0 r{snapshot.Domid}' and write the key again";
            }
        }
        return null;
    }

    private static string BelowFloor(Kib target, Floor floor, Kib staticMax, int domid)
    {
        var reason = $"the target {target} ({target.Value} KiB) is below the floor of {floor}: " + (domid == 0
            ? "dom0 would run out of memory, and the whole host with it; to allow it, write /local/domain/0/memory-policy/floor"
            : "the guest would run out of memory");
        var asMiB = Kib.FromMiB(target.Value);
        return asMiB >= floor.Amount && asMiB <= staticMax
            ? $"{reason}; a plain number is KiB: for {target.Value} MiB write {asMiB.Value}"
            : reason;
    }

    private static (string Reason, Lack? Lacks)? StateProblem(DomainState state) => state switch
    {
        DomainState.Running => null,
        DomainState.Booting => ("the domain is still booting", new Lack(LackKinds.DomainState)),
        DomainState.Paused => ("the domain is paused ('xl unpause' resumes it)", new Lack(LackKinds.DomainState)),
        DomainState.Saving => ("the domain is being saved or migrated", new Lack(LackKinds.DomainState)),
        DomainState.ShutDown => ("the domain is shut down", null),
        DomainState.Crashed => ("the domain has crashed", null),
        _ => ("the domain is dying", null),
    };

    private static TimeSpan? Seconds(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 1 and <= MaxSeconds
            ? TimeSpan.FromSeconds(seconds)
            : null;

    private static string Shown(string text) => Printable.Of(text, limit: 32);
}
