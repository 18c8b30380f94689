namespace Actors.Sdk;

/// <summary>
/// A class of a plugin that uses what the host offers to the plugin as a whole. An actor may implement it, too. Since contract 1.1.
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
