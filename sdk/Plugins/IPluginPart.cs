namespace Actors.Sdk;

/// <summary>
/// An actor that uses what the host offers to its plugin as a whole. It implements this interface, too. Since contract 1.1.
/// </summary>
public interface IPluginPart
{
    /// <summary>
    /// Called once, right after the constructor and before anything else. An exception rejects the plugin, and the version that served before
    /// keeps serving.
    /// </summary>
    /// <param name="plugin">What the host offers. It stays valid as long as the plugin is loaded.</param>
    void Attach(IPluginContext plugin);
}
