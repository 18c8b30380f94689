using Actors.Chains.Scripts.Compiling;
using Actors.Dispatch.Domains;
using Actors.Scripting;
using Actors.Sdk;

namespace Actors.Chains.Scripts;

/// <summary>The facts that a script or a condition can read, as of the last refresh. A fact that is not read costs no request.</summary>
internal class PolicyFacts(RunContext domain, TargetRequest request, ScriptReads reads, IReadOnlyList<StepResult> trail) : PolicyScript
{
    private ScriptDomain? _domain;
    private HostMemory _host = new(Kib.Zero, Kib.Zero, Kib.Zero);
    private DateTimeOffset _now;

    protected RunContext On => domain;

    protected TargetRequest Request => request;

    public override ScriptDomain Domain => _domain!;

    public override Kib Target => request.Target;

    public override Kib Tolerance => request.Tolerance;

    public override HostMemory Host => _host;

    public override DateTimeOffset Now => _now;

    public override IReadOnlyList<string> Engaged => domain.Engaged.Actors;

    public override IReadOnlyList<ScriptStep> Steps =>
        [.. trail.Select(result => new ScriptStep(result.Actor, request.Target, result.Outcome, result.Elapsed))];

    public override Task<Outcome> Run(string step, Kib? target, TimeSpan? timeout, TimeSpan? stall, bool keep) => throw CannotAct();

    public override Task Release(string step) => throw CannotAct();

    public override Task Wait(TimeSpan duration) => throw CannotAct();

    public override void Log(string message) => throw CannotAct();

    public async Task RefreshAsync(CancellationToken cancellation)
    {
        var info = await domain.InspectAsync(cancellation);
        _now = TimeZoneInfo.ConvertTime(domain.Time.GetUtcNow(), domain.Time.LocalTimeZone);
        if (reads.HasFlag(ScriptReads.Host))
            _host = await domain.InspectHostAsync(cancellation);
        var staticMax = info.MaxMem;
        if ((reads & (ScriptReads.StaticMax | ScriptReads.Guest)) != 0)
            staticMax = await domain.Store.ReadKibAsync(DomainKeys.StaticMax, cancellation) ?? staticMax;
        _domain = new ScriptDomain
        {
            Name = domain.Identity.Name,
            Domid = domain.Identity.Domid,
            Uuid = domain.Identity.Uuid,
            Kind = info.Kind,
            Footprint = info.Footprint,
            MaxMem = info.MaxMem,
            PagedOut = info.PagedPages.ToKib(),
            Shared = info.SharedPages.ToKib(),
            StaticMax = staticMax,
            Floor = request.Floor,
            Guest = reads.HasFlag(ScriptReads.Guest) ? await GuestReports.ReadAsync(domain.Store, staticMax, cancellation) : GuestFigures.Silent,
        };
    }

    private static NotSupportedException CannotAct() => new("a condition cannot act");
}
