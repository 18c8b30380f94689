namespace Actors.Sdk.Testing;

/// <summary>
/// Sharing on a fake domain. Some of its pages are identical to pages of other domains and can be shared at a limited rate. The domain is in the
/// sharing group that its key names.
/// </summary>
public sealed class FakeSharing : ISharing
{
    private const int PerSecond = 10;

    private readonly FakeDomain _domain;

    internal FakeSharing(FakeDomain domain) => _domain = domain;

    /// <summary>The pages that are identical to pages of another domain in the group; 256 MiB by default.</summary>
    public Pages Identical { get; set; } = Kib.FromMiB(256).ToPages();

    /// <summary>The amount that is shared or unshared per second; 128 MiB by default.</summary>
    public Kib Rate { get; set; } = Kib.FromMiB(128);

    /// <inheritdoc/>
    public ValueTask<SharingStatus> InspectAsync(CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        var shared = _domain.Info.SharedPages;
        return ValueTask.FromResult(new SharingStatus
        {
            Group = Group,
            Partners = shared > Pages.Zero ? 1 : 0,
            Shared = shared,
            Contents = shared > Pages.Zero ? ["fake"] : [],
            Freed = new Pages(shared.Value / 2),
        });
    }

    /// <inheritdoc/>
    public async ValueTask<Pages> ShareAsync(Pages most, CancellationToken cancellation = default) =>
        await MoveAsync(Group is null ? Pages.Zero : Pages.Min(most, Identical - _domain.Info.SharedPages), 1, cancellation);

    /// <inheritdoc/>
    public async ValueTask<Pages> UnshareAsync(Pages most, CancellationToken cancellation = default) =>
        await MoveAsync(Pages.Min(most, _domain.Info.SharedPages), -1, cancellation);

    private string? Group => _domain.Store[DomainKeys.SharingGroup] is { Length: > 0 } group ? group : null;

    private async ValueTask<Pages> MoveAsync(Pages amount, int direction, CancellationToken cancellation)
    {
        var (moved, batch) = (Pages.Zero, new Kib(Rate.Value / PerSecond).ToPages());
        while (moved < amount)
        {
            await Task.Delay(TimeSpan.FromSeconds(1.0 / PerSecond), _domain.Clock, cancellation);
            var step = Pages.Min(batch, amount - moved);
            var signed = new Pages(step.Value * direction);
            _domain.Info = _domain.Info with { TotPages = _domain.Info.TotPages - signed, SharedPages = _domain.Info.SharedPages + signed };
            moved += step;
        }
        return moved;
    }
}
