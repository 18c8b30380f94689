namespace Actors.Host.Platforms;

/// <summary>Which hypervisor to run on.</summary>
internal enum HypervisorKind
{
    Xen,
    Sim,
}

/// <summary>Xen in a dom0, else the simulated one, unless somebody says otherwise. Pure.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Why">For a person.</param>
internal sealed record HypervisorChoice(HypervisorKind Kind, string Why)
{
    /// <param name="asked">What the command line asks for.</param>
    /// <param name="simulation">The option of the command line that a simulated machine alone can have.</param>
    /// <param name="dom0">What this system is.</param>
    public static HypervisorChoice Of(HypervisorKind? asked, string? simulation, Dom0 dom0) => (asked, simulation) switch
    {
        (HypervisorKind.Xen, _) => new(HypervisorKind.Xen, "on Xen, because --hypervisor xen says so"),
        (HypervisorKind.Sim, _) => new(HypervisorKind.Sim, "on a simulated machine, because --hypervisor sim says so"),
        (_, { } option) => new(HypervisorKind.Sim, $"on a simulated machine, because {option} belongs to one"),
        _ when dom0.Is => new(HypervisorKind.Xen, $"on Xen: {dom0.Evidence}; --hypervisor sim runs on a simulated machine instead"),
        _ => new(HypervisorKind.Sim, $"on a simulated machine: {dom0.Evidence}; --hypervisor xen insists"),
    };
}
