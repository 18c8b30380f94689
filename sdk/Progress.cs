namespace Actors.Sdk;

/// <summary>The progress of an actor.</summary>
/// <param name="Footprint">The footprint now.</param>
/// <param name="Note">What the actor is doing, for people to read; may be empty.</param>
public readonly record struct Progress(Kib Footprint, string Note = "");
