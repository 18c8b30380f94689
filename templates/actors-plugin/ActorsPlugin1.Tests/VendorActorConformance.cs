using Actors.Sdk.Testing;

namespace VendorNamespace.Tests;

/// <summary>Checks every rule that an actor must follow.</summary>
public sealed class VendorActorConformance : ActorConformance<VendorActor>;
