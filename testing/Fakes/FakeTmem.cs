namespace Actors.Sdk.Testing;

/// <summary>The tmem pools of a fake domain. Their pages are part of its footprint.</summary>
public sealed class FakeTmem : ITmem
{
    private readonly FakeDomain _domain;
    private TmemPools _pools = new(Pages.Zero, Pages.Zero, Frozen: false, Cap: null, Weight: 0);

    internal FakeTmem(FakeDomain domain) => _domain = domain;

    /// <summary>The state of the pools. Setting it changes the footprint, as if the guest had filled or emptied the pools.</summary>
    public TmemPools Pools
    {
        get => _pools;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            var grown = value.Held - _pools.Held;
            _pools = value;
            _domain.Info = _domain.Info with { TotPages = _domain.Info.TotPages + grown, TmemPages = value.Held };
        }
    }

    /// <inheritdoc/>
    public ValueTask<TmemPools> InspectAsync(CancellationToken cancellation = default) => Set(_pools, cancellation);

    /// <inheritdoc/>
    public async ValueTask FreezeAsync(CancellationToken cancellation = default) => await Set(_pools with { Frozen = true }, cancellation);

    /// <inheritdoc/>
    public async ValueTask ThawAsync(CancellationToken cancellation = default) => await Set(_pools with { Frozen = false }, cancellation);

    /// <inheritdoc/>
    public async ValueTask SetCapAsync(Kib? cap, CancellationToken cancellation = default) => await Set(_pools with { Cap = cap }, cancellation);

    /// <inheritdoc/>
    public async ValueTask SetWeightAsync(int weight, CancellationToken cancellation = default) =>
        await Set(_pools with { Weight = weight }, cancellation);

    /// <inheritdoc/>
    public async ValueTask<Pages> FlushAsync(Pages most, CancellationToken cancellation = default)
    {
        var dropped = Pages.Min(most, _pools.Ephemeral);
        await Set(_pools with { Ephemeral = _pools.Ephemeral - dropped }, cancellation);
        return dropped;
    }

    private ValueTask<TmemPools> Set(TmemPools pools, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        // Throws if the domain was destroyed.
        _ = _domain.Info;
        if (pools != _pools)
            Pools = pools;
        return ValueTask.FromResult(_pools);
    }
}
