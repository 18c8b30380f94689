using Actors.Sdk;

namespace Actors.Balloon;

/// <summary>Follows the reports of one guest during one run. A report that has not changed for a minute no longer counts.</summary>
internal sealed class GuestReports(IDomain domain, DomainInfo start)
{
    private static readonly TimeSpan Expires = TimeSpan.FromSeconds(60);

    private (string? Meminfo, string? Pressure) _text;
    private GuestReport? _first;
    private GuestReport? _newest;
    private string? _nearItsEnd;
    private long? _since;

    /// <summary>The least footprint that the guest needs; <see langword="null"/> if it does not report that.</summary>
    public Kib? Least => Fresh is { } report ? GuestNeed.Least(report, _first!, start) : null;

    /// <summary>Why the guest is about to run out of memory; <see langword="null"/> if it is not, or does not report that.</summary>
    public string? NearItsEnd => Fresh is null ? null : _nearItsEnd;

    /// <summary>The newest report, if it has not expired.</summary>
    public GuestReport? Fresh => _since is { } since && domain.Time.GetElapsedTime(since) < Expires ? _newest : null;

    /// <summary>Reads the guest's keys. A guest that reported nothing at the start of the run is not asked again.</summary>
    public async ValueTask ReadAsync(DomainInfo info, CancellationToken cancellation)
    {
        if (_since is not null && _first is null)
            return;
        var meminfo = domain.Store.ReadAsync(GuestReport.Meminfo, cancellation);
        var pressure = domain.Store.ReadAsync(GuestReport.Pressure, cancellation);
        var text = (await meminfo, await pressure);
        if (_since is not null && text == _text)
            return;
        var report = GuestReport.Parse(text.Item1, text.Item2, info.Populated);
        var between = _since is { } since ? domain.Time.GetElapsedTime(since) : TimeSpan.Zero;
        _nearItsEnd = report is null ? null : GuestNeed.NearItsEnd(report, _newest ?? report, between);
        (_text, _first, _newest, _since) = (text, _first ?? report, report, domain.Time.GetTimestamp());
    }
}
