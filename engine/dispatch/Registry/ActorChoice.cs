namespace Actors.Dispatch.Registry;

/// <summary>The actor that an actor key refers to.</summary>
internal abstract record ActorChoice
{
    public sealed record Loaded(ActorEntry Entry) : ActorChoice;

    /// <summary>An actor outside this daemon watches the keys itself, and the domain is left alone.</summary>
    public sealed record External(string Name) : ActorChoice;

    public sealed record Missing(string Reason) : ActorChoice;
}
