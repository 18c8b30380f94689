using System.Globalization;

namespace Actors.Sdk.Testing;

/// <summary>The pager of a fake domain. While it is running, it moves the footprint to <c>memory/target-tot_pages</c> at a limited rate.</summary>
public sealed class FakePaging : IPaging
{
    private readonly FakeDomain _domain;
    private readonly PageMover _mover;
    private TaskCompletionSource? _emptied;

    internal FakePaging(FakeDomain domain)
    {
        _domain = domain;
        _mover = new PageMover(domain.Clock, Step) { Rate = Kib.FromMiB(64) };
        domain.Store.Changed += _ => Update();
    }

    /// <summary>The amount that it pages in or out per second; 64 MiB by default.</summary>
    public Kib Rate
    {
        get => _mover.Rate;
        set => _mover.Rate = value;
    }

    /// <inheritdoc/>
    public bool Running { get; private set; }

    /// <inheritdoc/>
    public string? Fault { get; private set; }

    /// <inheritdoc/>
    public ValueTask StartAsync(CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        _ = _domain.Info;
        (Running, Fault) = (true, null);
        Update();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask StopAsync(CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        if (!Running)
            return;
        _emptied ??= new TaskCompletionSource();
        Update();
        await _emptied.Task.WaitAsync(cancellation);
    }

    /// <summary>Ends the pager like a crash of its process: pages that are out stay out.</summary>
    public void Die()
    {
        if (Running)
            End(new MechanismException(Fault = "the pager died"));
    }

    private void Update()
    {
        if (Running)
            _mover.Begin();
    }

    private void End(Exception why)
    {
        Running = false;
        _emptied?.TrySetException(why);
        _emptied = null;
    }

    private bool Step(Pages most)
    {
        if (Running && _domain.Gone)
            End(new DomainGoneException(_domain.Identity.Domid));
        if (!Running)
            return false;
        var (held, pagedOut) = (_domain.Info.TotPages, _domain.Info.PagedPages);
        // Without a target, xenpaging pages everything in.
        var target = _emptied is null && Target is { } key ? key : held + pagedOut;
        var distance = target - held;
        var move = distance < Pages.Zero ? Pages.Max(distance, Pages.Zero - most) : Pages.Min(Pages.Min(distance, most), pagedOut);
        _domain.Move(held + move, pagedOut - move);
        if (_emptied is { } emptied && _domain.Info.PagedPages == Pages.Zero)
        {
            (Running, _emptied) = (false, null);
            emptied.TrySetResult();
        }
        return Running && move != Pages.Zero;
    }

    private Pages? Target =>
        long.TryParse(_domain.Store[DomainKeys.PagingTarget], NumberStyles.None, CultureInfo.InvariantCulture, out var kib) && kib > 0
            ? new Kib(kib).ToPages()
            : null;
}
