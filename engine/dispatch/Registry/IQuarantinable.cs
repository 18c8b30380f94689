namespace Actors.Dispatch.Registry;

/// <summary>An actor or policy that can be put out of service.</summary>
internal interface IQuarantinable
{
    /// <summary>Why, and what takes it back; <see langword="null"/> while it serves.</summary>
    string? OutOfService { get; }
}
