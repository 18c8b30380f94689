namespace Actors.Sdk.Testing;

/// <summary>The pages that the guest of a fake domain has volunteered. They are part of its footprint until they are discarded.</summary>
public sealed class FakeHinting : IHinting
{
    private readonly FakeDomain _domain;
    private HintingStatus _status = new(Pages.Zero, Pages.Zero, Pages.Zero, Limit: null);

    internal FakeHinting(FakeDomain domain) => _domain = domain;

    /// <summary>What the guest has volunteered. Setting it discards nothing.</summary>
    public HintingStatus Status
    {
        get => _status;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            _status = value;
        }
    }

    /// <inheritdoc/>
    public ValueTask<HintingStatus> InspectAsync(CancellationToken cancellation = default)
    {
        Check(cancellation);
        return ValueTask.FromResult(_status);
    }

    /// <inheritdoc/>
    public ValueTask<Pages> SetLimitAsync(Kib? limit, CancellationToken cancellation = default)
    {
        Check(cancellation);
        var wanted = limit is { } most ? Pages.Max(Pages.Zero, (_domain.Info.Footprint - most).ToPages()) : Pages.Zero;
        var unused = Pages.Min(wanted, _status.Unused);
        var ofCache = Pages.Min(wanted - unused, _status.Volatile);
        _status = new HintingStatus(_status.Unused - unused, _status.Volatile - ofCache, _status.Withheld + unused + ofCache, limit);
        Move(Pages.Zero - unused - ofCache);
        return ValueTask.FromResult(unused + ofCache);
    }

    /// <inheritdoc/>
    public ValueTask<Pages> ReturnAsync(Pages most, CancellationToken cancellation = default)
    {
        Check(cancellation);
        var room = Pages.Max(Pages.Zero, _domain.Info.MaxPages - _domain.Info.TotPages);
        var returned = Pages.Min(Pages.Min(most, _status.Withheld), room);
        _status = _status with { Unused = _status.Unused + returned, Withheld = _status.Withheld - returned };
        Move(returned);
        return ValueTask.FromResult(returned);
    }

    private void Move(Pages pages) => _domain.Info = _domain.Info with
    {
        TotPages = _domain.Info.TotPages + pages,
        DiscardedPages = _domain.Info.DiscardedPages - pages,
    };

    private void Check(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        // Throws if the domain was destroyed.
        _ = _domain.Info;
    }
}
