using Actors.Chains.Scripts.Compiling;
using Actors.Chains.Scripts.Running;
using Actors.Dispatch.Domains;
using Actors.Scripting;
using Actors.Sdk;

namespace Actors.Chains.Scripts;

/// <summary>Reads the facts for a script or a condition. A fact that it does not use costs no request.</summary>
internal sealed class FactsReader(RunContext domain, TargetRequest request, ScriptReads reads)
{
    private static readonly HostMemory Unread = new(Kib.Zero, Kib.Zero, Kib.Zero);

    public async Task<ScriptFacts> ReadAsync(CancellationToken cancellation)
    {
        var info = await domain.InspectAsync(cancellation);
        var now = TimeZoneInfo.ConvertTime(domain.Time.GetUtcNow(), domain.Time.LocalTimeZone);
        var host = reads.HasFlag(ScriptReads.Host) ? await domain.InspectHostAsync(cancellation) : Unread;
        var staticMax = info.MaxMem;
        if ((reads & (ScriptReads.StaticMax | ScriptReads.Guest)) != 0)
            staticMax = await domain.Store.ReadKibAsync(DomainKeys.StaticMax, cancellation) ?? staticMax;
        return new ScriptFacts
        {
            Target = request.Target,
            Tolerance = request.Tolerance,
            Host = host,
            Now = now,
            Engaged = domain.Engaged.Actors,
            Domain = new ScriptDomain
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
            },
        };
    }
}
