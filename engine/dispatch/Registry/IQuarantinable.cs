namespace Actors.Dispatch.Registry;

/// <summary>An actor or policy that can be put out of service.</summary>
internal interface IQuarantinable
{
    /// <summary>The reason, and how to restore it; <see langword="null"/> while it serves.</summary>
    string? OutOfService { get; }
}
