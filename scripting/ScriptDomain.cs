using Actors.Sdk;

namespace Actors.Scripting;

/// <summary>A domain, as seen by a policy. All values come from the hypervisor or the toolstack, except <see cref="Guest"/>.</summary>
public sealed record ScriptDomain
{
    /// <summary>The name of the domain; empty if it has none.</summary>
    public required string Name { get; init; }

    /// <summary>The number of the domain. It changes with every reboot and migration.</summary>
    public required int Domid { get; init; }

    /// <summary>The handle of the domain. It survives reboots and migrations.</summary>
    public required Guid Uuid { get; init; }

    /// <summary>How the domain is virtualised.</summary>
    public required DomainKind Kind { get; init; }

    /// <summary>The memory that the domain actually holds.</summary>
    public required Kib Footprint { get; init; }

    /// <summary>The most that the domain may hold now.</summary>
    public required Kib MaxMem { get; init; }

    /// <summary>The memory that is paged out.</summary>
    public required Kib PagedOut { get; init; }

    /// <summary>The memory that is shared with other domains.</summary>
    public required Kib Shared { get; init; }

    /// <summary>The maximum that the guest was built for; its max_mem if the toolstack has not written static-max.</summary>
    public required Kib StaticMax { get; init; }

    /// <summary>The floor: below it the guest runs out of memory.</summary>
    public required Kib Floor { get; init; }

    /// <summary>What the guest reports about itself. It may lie.</summary>
    public required GuestFigures Guest { get; init; }
}

/// <summary>
/// What a guest reports about itself in xenstore. Trust the hypervisor more. A figure is <see langword="null"/> if the guest reports nothing or
/// nonsense, and it is never above static-max. A comparison with <see langword="null"/> is false.
/// </summary>
public sealed record GuestFigures
{
    /// <summary>The figures of a guest that reports nothing.</summary>
    public static GuestFigures Silent { get; } = new();

    /// <summary>The memory of its kernel (<c>MemTotal</c> in <c>memory/meminfo</c>).</summary>
    public Kib? Total { get; init; }

    /// <summary>The unused memory (<c>MemFree</c>).</summary>
    public Kib? Free { get; init; }

    /// <summary>The memory that it could free without swapping (<c>MemAvailable</c>).</summary>
    public Kib? Available { get; init; }

    /// <summary>The memory that its kernel has promised to programs (<c>Committed_AS</c>).</summary>
    public Kib? Committed { get; init; }

    /// <summary>The size that its balloon driver reports (<c>memory/actual</c>).</summary>
    public Kib? Actual { get; init; }

    /// <summary>The minimum that it says it needs (<c>memory/minimum</c>).</summary>
    public Kib? Minimum { get; init; }

    /// <summary>The target that it would choose for itself (<c>memory/selftarget</c>).</summary>
    public Kib? SelfTarget { get; init; }
}

/// <summary>A finished step of a run.</summary>
/// <param name="Name">The name of the actor or policy.</param>
/// <param name="Target">The target of the step.</param>
/// <param name="Outcome">How the step ended.</param>
/// <param name="Elapsed">How long the step took.</param>
public sealed record ScriptStep(string Name, Kib Target, Outcome Outcome, TimeSpan Elapsed);
