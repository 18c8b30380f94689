namespace Actors.Sdk;

/// <summary>A mechanism that was offered does not work after all. The message says why, for people to read.</summary>
/// <param name="message">The reason.</param>
/// <param name="inner">The exception that caused this one.</param>
public sealed class MechanismException(string message, Exception? inner = null) : Exception(message, inner);
