namespace Actors.Dispatch.Monitoring;

/// <summary>The pause before the next attempt. It doubles with each attempt, so that a cause that stays does not make the host flap. Pure.</summary>
internal sealed record RetryBackoff
{
    public static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>Nothing was tried yet.</summary>
    public static RetryBackoff None { get; } = new();

    private int Attempts { get; init; }
    private DateTimeOffset LastAttempt { get; init; }

    /// <summary>The pause before the next attempt.</summary>
    public TimeSpan Pause => TimeSpan.FromSeconds(Math.Min(Longest.TotalSeconds, First.TotalSeconds * Math.Pow(2, Math.Min(Attempts, 16))));

    /// <summary>An attempt is made now.</summary>
    public RetryBackoff Attempted(DateTimeOffset now) => new() { Attempts = Attempts + 1, LastAttempt = now };

    /// <summary>The cause has come again. If the last attempt helped for longer than the longest pause, the pause is short again.</summary>
    public RetryBackoff Failed(DateTimeOffset now) => Attempts > 0 && now - LastAttempt > Longest + Pause ? None : this;
}
