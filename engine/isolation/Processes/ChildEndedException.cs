namespace Actors.Isolation.Processes;

/// <summary>The child ended before it answered. Its owner knows how.</summary>
internal sealed class ChildEndedException() : Exception("the process ended");
