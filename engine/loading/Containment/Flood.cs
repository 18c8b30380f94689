namespace Actors.Loading.Containment;

/// <summary>Lets so many a second through, and counts the rest. Pure.</summary>
internal readonly record struct Flood(int PerSecond, long Second = -1, int Passed = 0, int LeftOut = 0)
{
    public bool Open => Passed <= PerSecond;

    /// <summary>The account after one more in that second; while it is not <see cref="Open"/>, that one was too many.</summary>
    public Flood More(long second) => second != Second
        ? this with { Second = second, Passed = 1 }
        : Passed < PerSecond ? this with { Passed = Passed + 1 } : this with { Passed = PerSecond + 1, LeftOut = LeftOut + 1 };
}
