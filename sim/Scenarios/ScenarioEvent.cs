using Actors.Sdk;
using Actors.Sim.Specs;

namespace Actors.Sim.Scenarios;

/// <summary>Something that happens at a moment of the scenario.</summary>
internal abstract record ScenarioEvent(TimeSpan At, string Domain);

/// <summary>The toolstack writes keys below the domain's home, in this order.</summary>
internal sealed record WriteEvent(TimeSpan At, string Domain, IReadOnlyList<(string Key, string Value)> Keys) : ScenarioEvent(At, Domain);

/// <summary>A tool removes a key below the domain's home.</summary>
internal sealed record RemoveEvent(TimeSpan At, string Domain, string Key) : ScenarioEvent(At, Domain);

/// <summary>Another tool changes the domain's max_mem.</summary>
internal sealed record MaxMemEvent(TimeSpan At, string Domain, Kib MaxMem) : ScenarioEvent(At, Domain);

/// <summary>The toolstack claims memory for the domain up to a size; a size of zero gives the claim back.</summary>
internal sealed record ClaimEvent(TimeSpan At, string Domain, Kib Size) : ScenarioEvent(At, Domain);

/// <summary>The toolstack replaces all claims of the domain by a set.</summary>
internal sealed record ClaimSetEvent(TimeSpan At, string Domain, ClaimSet Set) : ScenarioEvent(At, Domain);

/// <summary>The toolstack builds a domain, at once or over time.</summary>
internal sealed record CreateEvent(TimeSpan At, DomainSpec Spec, BuildSpec? Build = null) : ScenarioEvent(At, Spec.Name);

/// <summary>Memory is added to the machine or taken offline.</summary>
internal sealed record HostMemoryEvent(TimeSpan At, Kib Change) : ScenarioEvent(At, "the machine");

/// <summary>Something happens to the domain as a whole.</summary>
internal sealed record LifeEvent(TimeSpan At, string Domain, LifeChange Change) : ScenarioEvent(At, Domain);

internal enum LifeChange
{
    Pause,
    Unpause,
    Reboot,
    Destroy,

    /// <summary>The guest crashes.</summary>
    Crash,

    /// <summary>The domain's pager is killed, if it has one.</summary>
    KillPager,

    /// <summary>The domain is sent to another host.</summary>
    Leave,

    FreezeTmem,

    ThawTmem,

    /// <summary>The domain is saved to disk and restored, with a new domid and the same UUID.</summary>
    SaveRestore,
}
