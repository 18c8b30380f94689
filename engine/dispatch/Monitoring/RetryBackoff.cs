using Actors.Dispatch.Retries;

namespace Actors.Dispatch.Monitoring;

/// <summary>The pause before the next attempt. It doubles with each attempt, so that a cause that stays does not make the host flap. Pure.</summary>
internal sealed record RetryBackoff
{
    /// <summary>Nothing was tried yet.</summary>
    public static RetryBackoff None { get; } = new();

    private int Attempts { get; init; }
    private DateTimeOffset LastAttempt { get; init; }

    /// <summary>The pause before the next attempt.</summary>
    public TimeSpan Pause => RetryRules.Pause(Attempts + 1);

    /// <summary>An attempt is made now.</summary>
    public RetryBackoff Attempted(DateTimeOffset now) => new() { Attempts = Attempts + 1, LastAttempt = now };

    /// <summary>The cause has come again. If the last attempt helped for longer than the longest pause, the pause is short again.</summary>
    public RetryBackoff Failed(DateTimeOffset now) => Attempts > 0 && now - LastAttempt > RetryRules.LongestPause + Pause ? None : this;
}
