using Actors.Dispatch.State;

namespace Actors.Cli.TargetWaits;

/// <summary>What the keys of a domain say at one moment.</summary>
/// <param name="Target">The text of the target key; <see langword="null"/> if there is none.</param>
/// <param name="Exists">Whether the domain still exists. It is only known to be gone if its target is gone as well.</param>
/// <param name="State">The published state; <see langword="null"/> if there is none.</param>
internal sealed record WaitView(string? Target, bool Exists, StateKey? State);
