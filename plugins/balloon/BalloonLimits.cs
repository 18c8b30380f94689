using Actors.Sdk;

namespace Actors.Balloon;

/// <summary>The limits of a guest on its way to a target: its reported need while it shrinks, and the host's free memory while it grows.</summary>
internal sealed class BalloonLimits(IDomain domain, TargetRequest request, DomainInfo start)
{
    private readonly GuestReports _reports = new(domain, start);
    private Kib _granted = request.Target;

    public bool Shrinking { get; } = start.Populated > request.Target;

    /// <summary>The memory of the host at the last check; <see langword="null"/> while the guest shrinks.</summary>
    public HostMemory? Host { get; private set; }

    /// <summary>The guest's newest report, if it reports and the report has not expired.</summary>
    public GuestReport? Report => _reports.Fresh;

    /// <summary>The least footprint that the guest needs, by its own report.</summary>
    public Kib? Need => request.FloorIsExplicit ? null : _reports.Least;

    /// <summary>Why the guest is about to run out of memory.</summary>
    public string? NearItsEnd => _reports.NearItsEnd;

    /// <summary>Whether the guest reports that it has more to give.</summary>
    public bool HasMore => Report is { } report && report.Available > Relief.Headroom(report.Total);

    /// <summary>Reads the current limits of the guest.</summary>
    public async ValueTask ReadAsync(DomainInfo info, CancellationToken cancellation)
    {
        if (Shrinking)
            await _reports.ReadAsync(info, cancellation);
        else if (await domain.RequestHostMemoryAsync(Kib.Max(Kib.Zero, request.Target - info.Populated), cancellation) is var (amount, host))
            (_granted, Host) = (Kib.Min(request.Target, info.Populated + amount), host);
    }

    /// <summary>The footprint to request now. A smaller grant counts at once, a larger one when the guest has used up the last.</summary>
    public Kib Clip(Kib planned, Kib current, bool arrived)
    {
        if (Shrinking)
            return planned;
        var footprint = Kib.Min(planned, _granted);
        return arrived || footprint < current - request.Tolerance ? footprint : current;
    }
}
