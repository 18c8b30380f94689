namespace Actors.Loading.Files;

/// <summary>Thrown when a plugin cannot be read or loaded; the message says why and what to do.</summary>
internal class PluginException(string message, Exception? inner = null) : Exception(message, inner);
