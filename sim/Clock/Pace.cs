namespace Actors.Sim.Clock;

/// <summary>How fast virtual time passes.</summary>
internal enum Pace
{
    /// <summary>As fast as the machine can: time jumps to the next timer as soon as nothing is ready.</summary>
    Virtual,

    /// <summary>One second of virtual time for each second of real time, or for a fixed part of it.</summary>
    Real,
}
