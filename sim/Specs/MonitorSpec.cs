using Actors.Sdk;

namespace Actors.Sim.Specs;

/// <summary>
/// A monitor in the style of z/VM's VMRM-CMM: at each interval it gives every guest a part of the memory to hold, in proportion to the guest's size, and the
/// guests' balloons do the rest.
/// </summary>
internal sealed record MonitorSpec
{
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What the monitor keeps free.</summary>
    public Kib KeepFree { get; init; } = Kib.FromMiB(64);
}
