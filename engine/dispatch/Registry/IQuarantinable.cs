namespace Actors.Host.Dispatch.Foresight;

/// <summary>An actor or policy that can be put out of service.</summary>
internal interface IServes
{
    /// <summary>Why, and what takes it back; <see langword="null"/> while it serves.</summary>
    string? OutOfService { get; }
}
