namespace Actors.Dispatch.Registry;

/// <summary>What an actor key leads to.</summary>
internal abstract record ActorChoice
{
    public sealed record Ours(ActorEntry Entry) : ActorChoice;

    /// <summary>An actor outside of this daemon watches the keys itself; the domain is left alone.</summary>
    public sealed record External(string Name) : ActorChoice;

    public sealed record Missing(string Reason) : ActorChoice;
}
