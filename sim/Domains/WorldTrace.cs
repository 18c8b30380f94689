using System.Globalization;
using Actors.Sim.Clock;

namespace Actors.Sim.Domains;

/// <summary>
/// Reports what happens in the world, one line per event, with its virtual time. A hash over the lines proves that two runs
/// were the same.
/// </summary>
internal sealed class WorldTrace(SimulationClock clock, Action<string>? reader)
{
    public void Write(SimulatedDomain domain, string happening) => Write($"domain {domain.Domid} ({domain.Spec.Name}) {happening}");

    public void Write(string happening) =>
        reader?.Invoke(string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalSeconds:F6} {happening}"));
}
