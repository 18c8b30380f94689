using Actors.Sdk;
using Actors.Sim.Domains;

namespace Actors.Sim.Guests;

/// <summary>
/// The memory that a guest with memory hotplug does not know yet: what lies between the size with which it boots and its maximum. Its balloon driver
/// adds it in whole sections when its balloon is empty and its target is higher (<c>reserve_additional_memory</c>).
/// </summary>
internal sealed class PluggedMemory(SimulatedDomain domain)
{
    /// <summary>A memory section of x86-64, 128 MiB.</summary>
    public static readonly Pages Section = new(32768);

    /// <summary>What the guest does not know yet; none without memory hotplug, because the guest then boots with a balloon.</summary>
    public Pages Left { get; private set; } = domain.Spec.Guest.Balloon.Hotplug
        ? (domain.Spec.Most - domain.Spec.Memory).ToPages()
        : Pages.Zero;

    /// <summary>Adds memory, which is in the balloon at first.</summary>
    public void Add(Pages amount) => Left -= amount;
}
