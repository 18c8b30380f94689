using Actors.Sdk.Testing;

namespace VendorNamespace.Tests;

/// <summary>Every rule that an actor must keep.</summary>
public sealed class VendorActorConformance : ActorConformance<VendorActor>;
