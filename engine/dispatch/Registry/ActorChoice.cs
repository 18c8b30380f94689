namespace Actors.Dispatch.Registry;

/// <summary>The actor that an actor key refers to.</summary>
internal abstract record ActorChoice
{
    public sealed record Loaded(ActorEntry Entry) : ActorChoice;

    /// <summary>An actor outside this daemon watches the keys itself, and the domain is left alone.</summary>
    public sealed record External(string Name) : ActorChoice;

    /// <summary>There is no such actor, or it does not serve.</summary>
    /// <param name="Reason">Why.</param>
    /// <param name="Soon">Whether it will serve without anybody doing something.</param>
    public sealed record Missing(string Reason, bool Soon = false) : ActorChoice;
}
