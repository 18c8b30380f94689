using Actors.Sdk;

namespace Actors.Scripting;

/// <summary>A domain, as a policy sees it: the hypervisor's word, apart from <see cref="Guest"/>.</summary>
public sealed record ScriptDomain
{
    /// <summary>Its name; empty when it has none.</summary>
    public required string Name { get; init; }

    /// <summary>Its number; another one after each reboot and migration.</summary>
    public required int Domid { get; init; }

    /// <summary>Its handle; stays.</summary>
    public required Guid Uuid { get; init; }

    /// <summary>How it is virtualised.</summary>
    public required DomainKind Kind { get; init; }

    /// <summary>What it really holds.</summary>
    public required Kib Footprint { get; init; }

    /// <summary>The most that it may hold now.</summary>
    public required Kib MaxMem { get; init; }

    /// <summary>What a pager holds for it outside.</summary>
    public required Kib PagedOut { get; init; }

    /// <summary>What it shares with other domains.</summary>
    public required Kib Shared { get; init; }

    /// <summary>The most that the guest was built for; its max_mem where the toolstack does not say.</summary>
    public required Kib StaticMax { get; init; }

    /// <summary>Below it the guest would run out of memory.</summary>
    public required Kib Floor { get; init; }

    /// <summary>What the guest says of itself. It may lie.</summary>
    public required GuestFigures Guest { get; init; }
}

/// <summary>
/// What a guest says of itself in xenstore. Never trust it above the hypervisor: a figure is <see langword="null"/> where the guest says nothing or
/// nonsense, and never above its static-max. A comparison with <see langword="null"/> is false.
/// </summary>
public sealed record GuestFigures
{
    /// <summary>A guest that says nothing.</summary>
    public static GuestFigures Silent { get; } = new();

    /// <summary>What its kernel has (<c>MemTotal</c> in <c>memory/meminfo</c>).</summary>
    public Kib? Total { get; init; }

    /// <summary>What nothing in it uses (<c>MemFree</c>).</summary>
    public Kib? Free { get; init; }

    /// <summary>What it could give without swapping (<c>MemAvailable</c>).</summary>
    public Kib? Available { get; init; }

    /// <summary>What its programs were promised (<c>Committed_AS</c>).</summary>
    public Kib? Committed { get; init; }

    /// <summary>What its balloon driver holds (<c>memory/actual</c>).</summary>
    public Kib? Actual { get; init; }

    /// <summary>The least that it says it needs (<c>memory/minimum</c>).</summary>
    public Kib? Minimum { get; init; }

    /// <summary>What it wants for itself (<c>memory/selftarget</c>).</summary>
    public Kib? SelfTarget { get; init; }
}

/// <summary>What one step came to.</summary>
/// <param name="Name">The actor or policy.</param>
/// <param name="Target">The footprint that it was to bring the domain to.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record ScriptStep(string Name, Kib Target, Outcome Outcome, TimeSpan Elapsed);
