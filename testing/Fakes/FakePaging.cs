using System.Globalization;

namespace Actors.Sdk.Testing;

/// <summary>A pager of a fake domain: while it runs it brings the footprint where <c>memory/target-tot_pages</c> says, at its rate.</summary>
public sealed class FakePaging : IPaging
{
    private readonly FakeDomain _domain;
    private readonly Steps _steps;
    private TaskCompletionSource? _emptied;

    internal FakePaging(FakeDomain domain)
    {
        _domain = domain;
        _steps = new Steps(domain.Clock, Step) { PerSecondAtMost = Kib.FromMiB(64) };
        domain.Store.Changed += _ => Look();
    }

    /// <summary>How much it moves in a second, either way; 64 MiB when not set.</summary>
    public Kib Rate
    {
        get => _steps.PerSecondAtMost;
        set => _steps.PerSecondAtMost = value;
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
        Look();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask StopAsync(CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        if (!Running)
            return;
        _emptied ??= new TaskCompletionSource();
        Look();
        await _emptied.Task.WaitAsync(cancellation);
    }

    /// <summary>Ends it as a crash of its process would: what is paged out stays out.</summary>
    public void Die()
    {
        if (Running)
            End(new MechanismException(Fault = "the pager died"));
    }

    private void Look()
    {
        if (Running)
            _steps.Begin();
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
        // As xenpaging: no target, everything comes in.
        var target = _emptied is null && Target is { } key ? key : held + pagedOut;
        var rest = target - held;
        var move = rest < Pages.Zero ? Pages.Max(rest, Pages.Zero - most) : Pages.Min(Pages.Min(rest, most), pagedOut);
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
