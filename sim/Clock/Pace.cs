namespace Actors.Sim.Clock;

/// <summary>How virtual time goes by.</summary>
internal enum Pace
{
    /// <summary>As fast as the machine can: time jumps to the next timer as soon as nothing is ready.</summary>
    Virtual,

    /// <summary>One second of it in each second of real time.</summary>
    Real,
}
