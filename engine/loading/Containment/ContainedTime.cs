namespace Actors.Loading.Containment;

/// <summary>The clock of one call. Its timers fire where the call runs.</summary>
internal sealed class ContainedTime(TimeProvider time, Action<Action> run) : TimeProvider
{
    public override long TimestampFrequency => time.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => time.LocalTimeZone;

    public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

    public override long GetTimestamp() => time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        time.CreateTimer(_ => run(() => callback(state)), null, dueTime, period);
}
