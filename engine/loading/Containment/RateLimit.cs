namespace Actors.Loading.Containment;

/// <summary>Passes a number of events a second, and counts those that are dropped. Pure.</summary>
internal readonly record struct RateLimit(int PerSecond, long Second = -1, int Passed = 0, int Dropped = 0)
{
    public bool Open => Passed <= PerSecond;

    /// <summary>The limit after one more event in that second. If it is not <see cref="Open"/>, that event was too many.</summary>
    public RateLimit Next(long second) => second != Second
        ? this with { Second = second, Passed = 1 }
        : Passed < PerSecond ? this with { Passed = Passed + 1 } : this with { Passed = PerSecond + 1, Dropped = Dropped + 1 };
}
