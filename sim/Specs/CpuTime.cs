namespace Actors.Sim.Specs;

/// <summary>A time on a CPU, finer than the clock's ticks of 100 ns.</summary>
internal readonly record struct CpuTime(double Nanoseconds)
{
    private const double InSecond = 1e9;

    public double Seconds => Nanoseconds / InSecond;

    public static CpuTime Microseconds(double amount) => new(amount * 1000);
}
