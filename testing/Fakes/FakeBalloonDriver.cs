using System.Globalization;

namespace Actors.Sdk.Testing;

/// <summary>The balloon driver of a fake guest: goes where <c>memory/target</c> says, at its rate, within what the domain may hold.</summary>
public sealed class FakeBalloonDriver
{
    private readonly FakeDomain _domain;
    private readonly Steps _steps;

    internal FakeBalloonDriver(FakeDomain domain)
    {
        _domain = domain;
        _steps = new Steps(domain.Clock, Step) { PerSecondAtMost = Kib.FromMiB(100) };
        domain.Store.Changed += _ => Look();
    }

    /// <summary>How much it moves in a second; 100 MiB when not set.</summary>
    public Kib Rate
    {
        get => _steps.PerSecondAtMost;
        set => _steps.PerSecondAtMost = value;
    }

    /// <summary>Whether it does not move at all, whatever it is told.</summary>
    public bool Refuses { get; set; }

    /// <summary>Looks again where it should go.</summary>
    internal void Look()
    {
        if (!Refuses && !_domain.Gone)
            _steps.Begin();
    }

    private bool Step(Pages most)
    {
        if (_domain.Gone || Refuses || _domain.Info.State != DomainState.Running || Target is not { } target)
            return false;
        var (held, pagedOut) = (_domain.Info.TotPages, _domain.Info.PagedPages);
        var outside = pagedOut + _domain.Info.SharedPages - _domain.Info.TmemPages;
        var rest = target - held - outside;
        var room = Pages.Max(Pages.Zero, _domain.Info.MaxPages - held);
        var move = rest < Pages.Zero ? Pages.Max(rest, Pages.Zero - Pages.Min(most, held)) : Pages.Min(rest, Pages.Min(most, room));
        _domain.Move(held + move, pagedOut);
        return move != Pages.Zero;
    }

    private Pages? Target =>
        long.TryParse(_domain.Store[DomainKeys.BalloonTarget], NumberStyles.None, CultureInfo.InvariantCulture, out var kib) ? new Kib(kib).ToPages() : null;
}
