using Actors.Dispatch.Decisions;
using Actors.Dispatch.Registry;
using Actors.Dispatch.Retries;
using Actors.Sdk;

namespace Actors.Dispatch.Runs;

/// <summary>Decides for one domain whether its target waits, and keeps the facts at the last attempt and the retry that was granted.</summary>
internal sealed class DomainRetry(StateWriter state, ActorDirectory directory, TimeProvider time)
{
    // Soon after the outcome, the cause often goes away on its own. Later, a few seconds do not matter.
    private static readonly TimeSpan Impatient = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private DateTimeOffset? _attempt;
    private RetryFacts? _before;
    private int? _directory;
    private Retry? _granted;
    private int _driverReports;

    /// <summary>Whether the next check must come soon.</summary>
    public bool IsRestless => state.Waiting is { } waiting && time.GetUtcNow() - waiting.Since < Impatient;

    /// <summary>Begins an attempt.</summary>
    /// <param name="version">The version of the directory that it uses.</param>
    /// <returns>The retry that was granted; <see langword="null"/> if the attempt has another cause.</returns>
    public Retry? Begin(int version)
    {
        lock (_gate)
        {
            var granted = _granted;
            (_directory, _attempt, _granted) = (version, null, null);
            return granted;
        }
    }

    public void ReportDriver() => Interlocked.Increment(ref _driverReports);

    public void Grant(Retry retry)
    {
        lock (_gate)
            _granted = retry;
    }

    /// <summary>The domain in the queue, with the facts at its last attempt and now; <see langword="null"/> if its target does not wait.</summary>
    public WaitingDomain? At(DomainInfo info)
    {
        if (state.Waiting is not { } waiting)
            return null;
        var now = new RetryFacts(info, directory.Version, Volatile.Read(ref _driverReports));
        lock (_gate)
        {
            if (_attempt == waiting.Last)
                return new WaitingDomain(waiting, _before, now);
            // The facts at an attempt of an earlier host are lost.
            (_attempt, _before) = (waiting.Last, _directory is { } version ? now with { Directory = version } : null);
            var known = _before;
            _before ??= now;
            return new WaitingDomain(waiting, known, now);
        }
    }

    /// <summary>Whether a target that would be requested now must wait, because nothing that it waits for has changed.</summary>
    /// <param name="plan">The request.</param>
    /// <param name="last">The request before; <see langword="null"/> if the host was just started.</param>
    /// <param name="info">What the hypervisor reports.</param>
    public bool MustWait(DispatchPlan plan, DispatchPlan? last, DomainInfo info)
    {
        if (state.Waiting is not { } waiting || state.Last is not { Final: true } known
            || (known.Target, waiting.Target, known.Via) != (plan.Request.Target, plan.Request.Target, plan.Via))
            return false;
        lock (_gate)
        {
            if (_granted is not null)
                return false;
        }
        // The queue decides about memory and, after a start, about the order.
        if (last is null)
            return true;
        if (!plan.IsSameRequest(last))
            return false;
        if (At(info) is not var (_, before, now) || RetryRules.Decide(waiting, before, now, Kib.Zero, time.GetUtcNow()) is not { } retry)
            return true;
        Grant(retry);
        return false;
    }
}
