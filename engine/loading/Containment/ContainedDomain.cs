using System.Runtime.CompilerServices;
using Actors.Sdk;

namespace Actors.Loading.Containment;

/// <summary>
/// A domain as one call of a plugin sees it, whichever process the plugin runs in: without what the plugin may not use. An abandoned call
/// cannot reach it any more: another actor has the domain.
/// </summary>
internal sealed class ContainedDomain(IDomain domain, IActorLog log, PluginPermissions? permissions, Action<Action> run) : IDomain, IDomainStore
{
    private const int ReportsPerSecond = 100;
    private const long MaxFootprint = 1L << 50;
    private const int MaxWatches = 32;

    private static readonly string RateNote = $"reports progress more than {ReportsPerSecond} times a second";

    private readonly ContainedTime _time = new(domain.Time, run);
    private RateLimit _reports = new(ReportsPerSecond);
    private bool _tooFast;
    private int _watches;
    private volatile bool _revoked;

    public DomainIdentity Identity => domain.Identity;

    public IDomainStore Store => this;

    public TimeProvider Time => _time;

    public IActorLog Log => log;

    public void Revoke() => _revoked = true;

    public ValueTask<DomainInfo> InspectAsync(CancellationToken cancellation)
    {
        using var host = Enter();
        return domain.InspectAsync(cancellation);
    }

    public ValueTask<HostMemory?> InspectHostAsync(CancellationToken cancellation)
    {
        using var host = Enter();
        CheckHostMemory();
        return domain.InspectHostAsync(cancellation);
    }

    public ValueTask<HostGrant?> RequestHostMemoryAsync(Kib amount, CancellationToken cancellation)
    {
        using var host = Enter();
        CheckHostMemory();
        return domain.RequestHostMemoryAsync(amount, cancellation);
    }

    public Offer<TMechanism> GetMechanism<TMechanism>() where TMechanism : class
    {
        using var host = Enter();
        return permissions?.Refusal(typeof(TMechanism)) is { } refusal ? Offer.None<TMechanism>(refusal) : domain.GetMechanism<TMechanism>();
    }

    public void Report(Progress progress)
    {
        using var host = Enter();
        if (progress.Footprint < Kib.Zero || progress.Footprint.Value > MaxFootprint)
            return;
        _reports = _reports.Next(domain.Time.GetTimestamp() / domain.Time.TimestampFrequency);
        if (_reports.Open)
            domain.Report(progress with { Note = _tooFast ? RateNote : OutcomeCheck.Plain(progress.Note) });
        else if (!_tooFast)
            ReportRate(progress);
    }

    public ValueTask<string?> ReadAsync(string path, CancellationToken cancellation)
    {
        using var host = Enter();
        return domain.Store.ReadAsync(path, cancellation);
    }

    public ValueTask WriteAsync(string path, string value, CancellationToken cancellation)
    {
        using var host = Enter();
        return domain.Store.WriteAsync(path, value, cancellation);
    }

    public ValueTask RemoveAsync(string path, CancellationToken cancellation)
    {
        using var host = Enter();
        return domain.Store.RemoveAsync(path, cancellation);
    }

    public ValueTask<IReadOnlyList<string>> ListAsync(string path, CancellationToken cancellation)
    {
        using var host = Enter();
        return domain.Store.ListAsync(path, cancellation);
    }

    public async IAsyncEnumerable<string?> WatchAsync(string path, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref _watches) > MaxWatches)
        {
            Interlocked.Decrement(ref _watches);
            throw new InvalidOperationException($"a call can watch {MaxWatches} keys at once");
        }
        var values = Begin();
        try
        {
            while (await NextAsync())
                yield return values.Current;
        }
        finally
        {
            Interlocked.Decrement(ref _watches);
            await values.DisposeAsync();
        }

        IAsyncEnumerator<string?> Begin()
        {
            using var host = Enter();
            return domain.Store.WatchAsync(path, cancellation).GetAsyncEnumerator(cancellation);
        }

        ValueTask<bool> NextAsync()
        {
            using var host = Enter();
            return values.MoveNextAsync();
        }
    }

    private ExecutionSlot.HostWork Enter()
    {
        if (_revoked)
            throw new OperationCanceledException("this call was abandoned: it cannot reach its domain any more");
        return ExecutionSlot.EnterHost();
    }

    private void CheckHostMemory()
    {
        if (permissions?.Refusal(PluginPermissions.HostMemory) is { } refusal)
            throw new MechanismException(refusal);
    }

    private void ReportRate(Progress progress)
    {
        _tooFast = true;
        domain.Log.Warn($"an actor {RateNote}; only the newest report is used");
        domain.Report(progress with { Note = RateNote });
    }
}
