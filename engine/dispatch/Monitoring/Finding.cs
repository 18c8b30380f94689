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

    /// <summary>The domain must be decided on again: it crashed, was shut down, or lost its pager, or a retry is due.</summary>
    public sealed record Due : Finding;
}
