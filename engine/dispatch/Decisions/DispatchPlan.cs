using Actors.Dispatch.Registry;
using Actors.Sdk;

namespace Actors.Dispatch.Decisions;

/// <summary>A target, the actor that receives it, and the reason for that choice.</summary>
internal sealed record DispatchPlan(string Via, ActorEntry Actor, TargetRequest Request, TimeSpan? PrimaryTimeout, string Why)
{
    /// <summary>Whether both plans request the same from the same actor. What was learned meanwhile is no other request.</summary>
    public bool IsSameRequest(DispatchPlan other) =>
        Via == other.Via && Actor.IsSameAs(other.Actor)
        && Request == (other.Request with { Serial = Request.Serial, Learned = Request.Learned }) && PrimaryTimeout == other.PrimaryTimeout;
}
