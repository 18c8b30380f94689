using System.Globalization;
using Actors.Sdk;

namespace Actors.Balloon;

/// <summary>Why a guest stopped on its way to a target: what happened, and what to do about it.</summary>
/// <param name="What">What happened.</param>
/// <param name="Remedy">What an operator can do.</param>
/// <param name="Lacks">What was missing.</param>
internal sealed record Cause(string What, string Remedy, Lack Lacks)
{
    public override string ToString() => $"{What}; {Remedy}";
}

/// <summary>The table of causes. Pure: the first row that fits the facts is the cause.</summary>
internal static class Causes
{
    // The part of the way that may be missing without anything being wrong.
    private static readonly Kib Noise = Kib.FromMiB(1);

    public static Cause Of(CauseFacts facts) => Stopped(facts) ?? (facts.Shrinking ? Shrinking(facts) : Growing(facts));

    /// <summary>The domain does not run. A crash while the guest shrinks is the balloon's doing unless the console says otherwise.</summary>
    private static Cause? Stopped(CauseFacts facts) => facts.Now.State switch
    {
        DomainState.Running => null,
        DomainState.Crashed when facts.Shrinking => new Cause(
            $"the guest crashed at {facts.Populated}, on the way from {facts.Start} to {facts.Target}: it probably ran out of memory",
            "restart it; its balloon will stop earlier from now on (memory-policy/floor overrides that)", new Lack(LackKinds.GuestMemory)),
        DomainState.Crashed => new Cause("the guest crashed", "restart it", new Lack(LackKinds.DomainState)),
        DomainState.Paused => NotRunning("paused", "unpause it (xl unpause)"),
        DomainState.Booting => NotRunning("booting", "wait until its drivers are up"),
        DomainState.Saving => NotRunning("saving", "its target will be acted on afterwards"),
        DomainState.ShutDown => NotRunning("shut down", "start it again"),
        _ => NotRunning("dying", "nothing can be done"),
    };

    private static Cause NotRunning(string state, string remedy) =>
        new($"the domain is {state}, so its balloon driver cannot act", remedy, new Lack(LackKinds.DomainState));

    private static Cause Shrinking(CauseFacts facts) =>
        NearItsEnd(facts) ?? PopulateOnDemand(facts) ?? NeverMoved(facts) ?? OffsetUnknown(facts) ?? NothingMoreToGive(facts);

    private static Cause Growing(CauseFacts facts) =>
        HostFull(facts) ?? AboveMaxMem(facts) ?? NeverMoved(facts) ?? OffsetUnknown(facts) ?? GaveUp(facts);

    private static Cause? NearItsEnd(CauseFacts facts) => facts.NearItsEnd is not { } why ? null : new Cause(
        $"the guest is about to run out of memory at {facts.Populated}, {facts.Rest} above the target: {why}",
        $"reduce what it runs, {Otherwise(facts)}", new Lack(LackKinds.GuestMemory));

    private static Cause? PopulateOnDemand(CauseFacts facts) => facts.Now.PopulateOnDemandPages == Pages.Zero ? null : new Cause(
        $"{facts.Now.PopulateOnDemandPages.ToKib()} of the guest's memory are still populated on demand, so its balloon driver cannot have finished its start",
        "wait until the guest is up, and check its console", new Lack(LackKinds.BalloonDriver));

    private static Cause? NeverMoved(CauseFacts facts) => (facts.Populated - facts.Start).Abs() >= Noise ? null : new Cause(
        facts.Published
            ? $"the guest does not react, although it published {DomainKeys.FeatureBalloon}: its balloon driver is stuck"
            : $"the guest does not react and never published {DomainKeys.FeatureBalloon} (under xl, guests cannot): it has no balloon driver, or the driver is stuck",
        $"check the guest's console, {Otherwise(facts)}", new Lack(LackKinds.BalloonDriver));

    private static Cause? OffsetUnknown(CauseFacts facts) => facts.OffsetKnown || facts.Rest > BalloonOffset.Usual ? null : new Cause(
        $"the guest's balloon driver stopped at {facts.Populated}, {Aside(facts)}, and the memory that the domain holds outside its balloon is not known",
        $"set {DomainKeys.BalloonTarget} once with the toolstack (xl mem-set) while the guest is at rest, then set the target again", new Lack(LackKinds.BalloonDriver));

    private static Cause NothingMoreToGive(CauseFacts facts) => new(
        $"the guest's balloon driver stopped at {facts.Populated}, {Aside(facts)}: the guest cannot free more"
            + (facts.Report is { } report ? $" (it reports {report.Available} available)" : "") + $"; {Failed(facts)}",
        $"reduce what it runs, {Otherwise(facts)}", new Lack(LackKinds.GuestMemory));

    private static Cause? HostFull(CauseFacts facts) => facts.Host is not { } host || host.Available > Kib.Max(facts.Tolerance, Noise) ? null : new Cause(
        $"the host has no more memory for this domain, which is at {facts.Populated}, {Aside(facts)}: {host.Free} are free"
            + (host.Claimed > Kib.Zero ? $", {host.Claimed} of them promised to other domains" : "") + $", and {host.Reserve} stay reserved for the host",
        "shrink or destroy another domain, or lower 'reserve' in actors.yaml", Lack.OfHostMemory(facts.Rest));

    private static Cause? AboveMaxMem(CauseFacts facts) => facts.Now.MaxMem >= facts.Target || facts.Now.MaxMem - facts.Populated > Noise + Noise ? null : new Cause(
        $"the domain's max_mem of {facts.Now.MaxMem} keeps the guest at {facts.Populated}, {Aside(facts)}: another program lowered it",
        "raise it (xl mem-max), or set the target again", new Lack(LackKinds.MaxMem));

    private static Cause GaveUp(CauseFacts facts) => new(
        $"the guest's balloon driver gave up at {facts.Populated}, {Aside(facts)}, although the host has memory; {Failed(facts)}",
        "check the guest's console; a different target wakes the driver", new Lack(LackKinds.BalloonDriver));

    private static string Aside(CauseFacts facts) => $"{facts.Rest} {(facts.Populated > facts.Target ? "above" : "below")} the target";

    private static string Failed(CauseFacts facts)
    {
        var failures = BalloonCurve.Failures(facts.Still);
        var stopped = string.Create(CultureInfo.InvariantCulture, $"it stopped {facts.Still.TotalSeconds:0} s ago, ");
        return stopped + (failures == BalloonCurve.MostFailures
            ? $"and a Linux driver gives up after {failures} failed attempts"
            : $"and a Linux driver has failed {(failures == 1 ? "once" : $"{failures} times")} by then");
    }

    private static string Otherwise(CauseFacts facts) => facts.WhyNoPager is { } why
        ? $"because nothing else can take its memory ({why})"
        : "or use paging (HVM, PVH)";
}
