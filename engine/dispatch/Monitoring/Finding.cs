using Actors.Dispatch.State;
using Actors.Sdk;

namespace Actors.Dispatch.Monitoring;

/// <summary>What a check of the monitor found about a domain.</summary>
internal abstract record Finding
{
    /// <summary>The state is still true, except for its footprint.</summary>
    public sealed record Moved(StateKey Of, Kib Footprint) : Finding;

    /// <summary>The state is no longer true.</summary>
    /// <param name="Of">The state.</param>
    /// <param name="Outcome">The outcome that is true now.</param>
    /// <param name="Footprint">The footprint now.</param>
    /// <param name="Reason">The cause.</param>
    public sealed record Changed(StateKey Of, string Outcome, Kib Footprint, string Reason) : Finding;

    /// <summary>The guest thrashes, or no longer does. The outcome stays.</summary>
    /// <param name="Of">The state.</param>
    /// <param name="PageIns">The page-ins per second; 0 if it no longer thrashes.</param>
    public sealed record Thrashes(StateKey Of, long PageIns) : Finding;

    /// <summary>The host must decide about the domain again: it crashed, was shut down, or lost its pager, or a retry is due.</summary>
    public sealed record Due : Finding;
}
