namespace Actors.Sdk;

/// <summary>How far an actor has come.</summary>
/// <param name="Footprint">The footprint now.</param>
/// <param name="Note">What it is doing, for a person; may be empty.</param>
public readonly record struct Progress(Kib Footprint, string Note = "");
