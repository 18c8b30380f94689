namespace Actors.Host.Platforms;

/// <summary>The hypervisors on which the daemon can run.</summary>
internal enum HypervisorKind
{
    Xen,
    Sim,
}

/// <summary>Chooses the hypervisor: Xen in a dom0, otherwise the simulated one, unless the command line says which.</summary>
/// <param name="Kind">The chosen hypervisor.</param>
/// <param name="Why">The reason, as text for the log.</param>
internal sealed record HypervisorChoice(HypervisorKind Kind, string Why)
{
    /// <param name="requested">The hypervisor that the command line names.</param>
    /// <param name="simulation">An option on the command line that only the simulated machine has.</param>
    /// <param name="dom0">Whether this system is a dom0.</param>
    public static HypervisorChoice Of(HypervisorKind? requested, string? simulation, Dom0 dom0) => (requested, simulation) switch
    {
        (HypervisorKind.Xen, _) => new(HypervisorKind.Xen, "running on Xen because of --hypervisor xen"),
        (HypervisorKind.Sim, _) => new(HypervisorKind.Sim, "running on a simulated machine because of --hypervisor sim"),
        (_, { } option) => new(HypervisorKind.Sim, $"running on a simulated machine because of {option}"),
        _ when dom0.IsDom0 => new(HypervisorKind.Xen, $"running on Xen: {dom0.Evidence}; use --hypervisor sim for a simulated machine"),
        _ => new(HypervisorKind.Sim, $"running on a simulated machine: {dom0.Evidence}; use --hypervisor xen to run on Xen anyway"),
    };
}
