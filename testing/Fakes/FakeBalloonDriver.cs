using System.Globalization;

namespace Actors.Sdk.Testing;

/// <summary>The balloon driver of a fake guest. It follows <c>memory/target</c> at a limited rate, up to what the domain may hold.</summary>
public sealed class FakeBalloonDriver
{
    private readonly FakeDomain _domain;
    private readonly PageMover _mover;

    internal FakeBalloonDriver(FakeDomain domain)
    {
        _domain = domain;
        _mover = new PageMover(domain.Clock, Step) { Rate = Kib.FromMiB(100) };
        domain.Store.Changed += _ => Update();
    }

    /// <summary>The amount that it moves per second; 100 MiB by default.</summary>
    public Kib Rate
    {
        get => _mover.Rate;
        set => _mover.Rate = value;
    }

    /// <summary>Whether the driver ignores its target.</summary>
    public bool Refuses { get; set; }

    /// <summary>Starts to move if the target or the limit has changed.</summary>
    internal void Update()
    {
        if (!Refuses && !_domain.Gone)
            _mover.Begin();
    }

    private bool Step(Pages most)
    {
        if (_domain.Gone || Refuses || _domain.Info.State != DomainState.Running || Target is not { } target)
            return false;
        var (held, pagedOut) = (_domain.Info.TotPages, _domain.Info.PagedPages);
        var outside = pagedOut + _domain.Info.SharedPages - _domain.Info.TmemPages;
        var distance = target - held - outside;
        var room = Pages.Max(Pages.Zero, _domain.Info.MaxPages - held);
        var move = distance < Pages.Zero ? Pages.Max(distance, Pages.Zero - Pages.Min(most, held)) : Pages.Min(distance, Pages.Min(most, room));
        _domain.Move(held + move, pagedOut);
        return move != Pages.Zero;
    }

    private Pages? Target =>
        long.TryParse(_domain.Store[DomainKeys.BalloonTarget], NumberStyles.None, CultureInfo.InvariantCulture, out var kib) ? new Kib(kib).ToPages() : null;
}
