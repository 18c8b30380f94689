namespace Actors.Dispatch.Retries;

/// <summary>A decision to request a target again.</summary>
/// <param name="Cause">What led to it.</param>
/// <param name="Why">The cause in words.</param>
internal sealed record Retry(RetryCause Cause, string Why);
