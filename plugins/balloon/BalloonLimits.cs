using Actors.Sdk;

namespace Actors.Balloon;

/// <summary>What limits a guest on its way to a target: what it reports to need while it shrinks, and the host's free memory while it grows.</summary>
internal sealed class BalloonLimits(IDomain domain, TargetRequest request, DomainInfo start, HostRoom room) : IDisposable
{
    private readonly GuestReports _reports = new(domain, start);
    private Kib _granted = request.Target;

    public bool Shrinking { get; } = start.Populated > request.Target;

    /// <summary>The memory of the host at the last check; <see langword="null"/> while the guest shrinks.</summary>
    public HostMemory? Host { get; private set; }

    /// <summary>The guest's newest report, if it reports and the report has not expired.</summary>
    public GuestReport? Report => _reports.Fresh;

    /// <summary>The least footprint that the guest reports to need.</summary>
    public Kib? Need => request.FloorIsExplicit ? null : _reports.Least;

    /// <summary>Why the guest is about to run out of memory.</summary>
    public string? NearItsEnd => _reports.NearItsEnd;

    /// <summary>Whether the guest reports that it has more to give.</summary>
    public bool HasMore => Report is { } report && report.Available > Relief.Headroom(report.Total);

    /// <summary>Reads what limits the guest now.</summary>
    public async ValueTask ReadAsync(DomainInfo info, CancellationToken cancellation)
    {
        if (Shrinking)
            await _reports.ReadAsync(info, cancellation);
        else
            (_granted, Host) = await room.GrantAsync(domain, info, request.Target, cancellation);
    }

    /// <summary>The footprint to ask for now. A grant that becomes smaller counts at once, a larger one when the guest has used up the last.</summary>
    public Kib Clip(Kib planned, Kib current, bool arrived)
    {
        if (Shrinking)
            return planned;
        var footprint = Kib.Min(planned, _granted);
        return arrived || footprint < current - request.Tolerance ? footprint : current;
    }

    /// <summary>The guest has taken a part of what was granted to it.</summary>
    public void Observe(DomainInfo info, Kib footprint)
    {
        if (!Shrinking)
            room.Take(info, footprint);
    }

    public void Dispose() => room.End(start.Domid);
}
