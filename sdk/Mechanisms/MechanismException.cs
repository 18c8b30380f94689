namespace Actors.Sdk;

/// <summary>A mechanism that was offered does not work after all; the message tells a person why.</summary>
/// <param name="message">The reason.</param>
/// <param name="inner">What caused it.</param>
public sealed class MechanismException(string message, Exception? inner = null) : Exception(message, inner);
