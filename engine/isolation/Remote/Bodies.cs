using Actors.Isolation.Messages;
using Actors.Sdk;

namespace Actors.Isolation.Remote;

/// <summary>Converts between the contract and the bodies of frames. Pure.</summary>
internal static class Bodies
{
    public static DomainBody Of(DomainIdentity identity) => new(identity.Domid, identity.Uuid, identity.Name);

    public static DomainIdentity Identity(DomainBody body) => new(body.Domid, body.Uuid, body.Name);

    public static RequestBody Of(TargetRequest request) => new()
    {
        TargetKib = request.Target.Value,
        Argument = request.Argument,
        Serial = request.Serial,
        FloorKib = request.Floor.Value,
        FloorIsExplicit = request.FloorIsExplicit,
        ToleranceKib = request.Tolerance.Value,
        TimeoutTicks = request.Timeout == Timeout.InfiniteTimeSpan ? -1 : request.Timeout.Ticks,
        Learned = Of(request.Learned),
    };

    public static TargetRequest Request(RequestBody body) => new()
    {
        Target = new Kib(body.TargetKib),
        Argument = body.Argument,
        Serial = body.Serial,
        Floor = new Kib(body.FloorKib),
        FloorIsExplicit = body.FloorIsExplicit,
        Tolerance = new Kib(body.ToleranceKib),
        Timeout = body.TimeoutTicks < 0 ? Timeout.InfiniteTimeSpan : new TimeSpan(body.TimeoutTicks),
        Learned = Learned(body.Learned),
    };

    public static OutcomeBody Of(Outcome outcome) => new()
    {
        Kind = (int)outcome.Kind,
        FootprintKib = outcome.Footprint.Value,
        Reason = outcome.Reason,
        Actor = outcome.Actor,
        Step = outcome.Step,
        AloneKib = outcome.Alone?.Value,
        Lacks = outcome.Lacks is { } lacks ? new LackBody((int)lacks.Kinds, lacks.HostMemory.Value) : null,
        Learned = Of(outcome.Learned),
    };

    public static Outcome Outcome(OutcomeBody body) => new()
    {
        Kind = (OutcomeKind)body.Kind,
        Footprint = new Kib(body.FootprintKib),
        Reason = body.Reason,
        Actor = body.Actor,
        Step = body.Step,
        Alone = body.AloneKib is { } alone ? new Kib(alone) : null,
        Lacks = body.Lacks is { } lacks ? new Lack((LackKinds)lacks.Kinds) { HostMemory = new Kib(lacks.HostMemoryKib) } : null,
        Learned = Learned(body.Learned),
    };

    public static InfoBody Of(DomainInfo info) => new(
        info.Domid, info.Uuid, (int)info.Kind, (int)info.State, info.TotPages.Value, info.MaxPages.Value, info.PagedPages.Value, info.SharedPages.Value,
        info.TmemPages.Value, info.PopulateOnDemandPages.Value, info.DiscardedPages.Value, info.Superpages);

    public static DomainInfo Info(InfoBody body) => new()
    {
        Domid = body.Domid,
        Uuid = body.Uuid,
        Kind = (DomainKind)body.Kind,
        State = (DomainState)body.State,
        TotPages = new Pages(body.TotPages),
        MaxPages = new Pages(body.MaxPages),
        PagedPages = new Pages(body.PagedPages),
        SharedPages = new Pages(body.SharedPages),
        TmemPages = new Pages(body.TmemPages),
        PopulateOnDemandPages = new Pages(body.PopulateOnDemandPages),
        DiscardedPages = new Pages(body.DiscardedPages),
        Superpages = body.Superpages,
    };

    public static HostBody Of(HostMemory host) => new(host.Total.Value, host.Free.Value, host.Claimed.Value, host.Reserve.Value);

    public static HostMemory Host(HostBody body) =>
        new(new Kib(body.TotalKib), new Kib(body.FreeKib), new Kib(body.ClaimedKib)) { Reserve = new Kib(body.ReserveKib) };

    public static PagerBody Of(IPaging paging) => new(paging.Running, paging.Fault, paging.FaultedIn?.Value);

    public static OffersBody Offers(IDomain domain)
    {
        var paging = domain.GetMechanism<IPaging>();
        return new OffersBody(
            WhyNot<IMaxMem>(domain), paging.Available ? null : paging.WhyNot, WhyNot<ISharing>(domain), WhyNot<ITmem>(domain), WhyNot<IHinting>(domain))
        {
            Pager = paging.Mechanism is { } pager ? Of(pager) : null,
        };
    }

    public static SharingBody Of(SharingStatus status) =>
        new(status.Group, status.Partners, status.Shared.Value, status.Contents, status.Freed.Value, status.TakenBack.Value);

    public static SharingStatus Sharing(SharingBody body) => new()
    {
        Group = body.Group,
        Partners = body.Partners,
        Shared = new Pages(body.Shared),
        Contents = body.Contents,
        Freed = new Pages(body.Freed),
        TakenBack = new Pages(body.TakenBack),
    };

    public static TmemBody Of(TmemPools pools) =>
        new(pools.Ephemeral.Value, pools.Persistent.Value, pools.Frozen, pools.Cap?.Value, pools.Weight);

    public static TmemPools Tmem(TmemBody body) =>
        new(new Pages(body.Ephemeral), new Pages(body.Persistent), body.Frozen, body.CapKib is { } cap ? new Kib(cap) : null, body.Weight);

    public static HintingBody Of(HintingStatus status) =>
        new(status.Unused.Value, status.Volatile.Value, status.Withheld.Value, status.Limit?.Value);

    public static HintingStatus Hinting(HintingBody body) =>
        new(new Pages(body.Unused), new Pages(body.Volatile), new Pages(body.Withheld), body.LimitKib is { } limit ? new Kib(limit) : null);

    private static string? WhyNot<TMechanism>(IDomain domain) where TMechanism : class =>
        domain.GetMechanism<TMechanism>() is { Available: false } offer ? offer.WhyNot : null;

    private static LearnedBody? Of(LearnedLimit? learned) =>
        learned is null ? null : new LearnedBody(learned.Footprint.Value, learned.Reason, learned.Crashed);

    private static LearnedLimit? Learned(LearnedBody? body) =>
        body is null ? null : new LearnedLimit(new Kib(body.FootprintKib), body.Reason) { Crashed = body.Crashed };
}
