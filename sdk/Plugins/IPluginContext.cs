namespace Actors.Sdk;

/// <summary>What the host offers to a plugin as a whole. Since contract 1.1.</summary>
public interface IPluginContext
{
    /// <summary>The plugin's own metrics.</summary>
    IPluginMetrics Metrics { get; }

    /// <summary>
    /// Reads the plugin's settings: the section <c>settings</c> of its <c>plugin.yaml</c>, in which each key may be overridden by the
    /// operator under <c>plugin_settings: { ID: … }</c> in <c>actors.yaml</c>. Call it from <see cref="IPluginPart.Attach"/>.
    /// </summary>
    /// <typeparam name="TSettings">
    /// A record or class of the plugin. It has a public constructor without parameters, or only one public constructor. A key is the name of a
    /// property or parameter in lower case with underscores: <c>CheckInterval</c> is <c>check_interval</c>. The types that a value may have
    /// are text, <see langword="bool"/>, numbers, <see cref="Kib"/> (<c>512MiB</c>), <see cref="TimeSpan"/> (<c>30s</c>), enums, <see cref="Guid"/>,
    /// further records and classes, and lists and dictionaries of these. A property that is <see langword="required"/>, and a parameter without
    /// a default value, must have a key. A property may check its value: an <see cref="ArgumentException"/> of its setter, and a
    /// validation attribute on it, become a problem of the key.
    /// </typeparam>
    /// <param name="use">
    /// Called at once with the settings, and again with new ones each time the configuration was reloaded and they have changed. New settings
    /// with a problem are reported, and the plugin keeps the old ones.
    /// </param>
    /// <exception cref="PluginSettingsException">An unknown key, a missing one, or a value that does not fit. Do not catch it: the host reports it.</exception>
    void Configure<TSettings>(Action<TSettings> use) where TSettings : class;

    /// <summary>
    /// Offers a mechanism of the plugin's own to the actors of this plugin, which then get it from <see cref="IDomain.GetMechanism"/>. Call it
    /// from <see cref="IPluginPart.Attach"/>.
    /// </summary>
    /// <typeparam name="TMechanism">An interface of the plugin.</typeparam>
    /// <param name="create">
    /// Creates the mechanism for one domain, or returns <see cref="Offer.None"/> with the reason why it is not available. It is called when an
    /// actor first requests the mechanism for a domain, and again only if it was not available then. An exception reaches the actor, and is
    /// one of the actor if it does not catch it. A mechanism that is <see cref="IAsyncDisposable"/> or <see cref="IDisposable"/> is disposed of
    /// when its domain has disappeared, and when the plugin is unloaded.
    /// </param>
    /// <exception cref="ArgumentException">The type is no interface, or one of the contract, or the plugin offers it already.</exception>
    /// <exception cref="InvalidOperationException">The plugin is attached already.</exception>
    void OfferMechanism<TMechanism>(Func<DomainIdentity, Offer<TMechanism>> create) where TMechanism : class;
}
