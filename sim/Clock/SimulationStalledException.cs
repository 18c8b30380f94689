namespace Actors.Sim.Clock;

/// <summary>A run on virtual time cannot complete.</summary>
internal sealed class SimulationStalledException(string message) : Exception(message)
{
    public static SimulationStalledException NothingLeft(TimeSpan now) => new(
        $"After {now} of virtual time nothing is left to run, and what the run waits for has not happened: "
        + "it waits for itself, or for work outside the clock (a thread, a file, a socket).");

    public static SimulationStalledException OutOfTime(TimeSpan limit) => new(
        $"The run has not ended within its limit of {limit} of virtual time.");
}
