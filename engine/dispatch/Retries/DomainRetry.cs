using Actors.Sdk;

namespace Actors.Dispatch.Retries;

/// <summary>Keeps the facts at the last attempt of one domain, and the retry that it was granted.</summary>
internal sealed class DomainRetry
{
    // Soon after the outcome, the cause often goes away by itself. Later a few seconds do not matter.
    private static readonly TimeSpan Impatient = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private DateTimeOffset? _attempt;
    private RetryFacts? _before;
    private int? _directory;
    private Retry? _granted;

    /// <summary>An attempt begins.</summary>
    /// <param name="directory">The version of the directory that it uses.</param>
    public void Begin(int directory)
    {
        lock (_gate)
            (_directory, _granted) = (directory, null);
    }

    /// <summary>Compares the facts with those at the last attempt.</summary>
    public WaitingDomain Observe(Waiting waiting, DomainInfo info, int directory, bool hasDriver)
    {
        var now = new RetryFacts(info, directory, hasDriver);
        lock (_gate)
        {
            var isFirst = _attempt != waiting.Last;
            // The facts of an attempt before the host was started are not known.
            var before = isFirst && _directory is null ? null : isFirst ? now with { Directory = _directory } : _before;
            if (isFirst)
                (_attempt, _before) = (waiting.Last, now with { Directory = _directory ?? directory });
            return new WaitingDomain(waiting, before, now);
        }
    }

    public void Grant(Retry retry)
    {
        lock (_gate)
            _granted = retry;
    }

    public Retry? Take()
    {
        lock (_gate)
        {
            var granted = _granted;
            _granted = null;
            return granted;
        }
    }

    /// <summary>Whether the next check must come soon.</summary>
    public static bool IsImpatient(Waiting? waiting, DateTimeOffset now) => waiting is not null && now - waiting.Since < Impatient;
}
