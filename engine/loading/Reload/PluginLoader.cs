using Actors.Isolation.Messages;
using Actors.Loading.Compatibility;
using Actors.Loading.Containment;
using Actors.Loading.Files;
using Actors.Loading.LoadContexts;
using Actors.Loading.Markers;
using Actors.Loading.Processes;
using Actors.Loading.Settings;
using Actors.Sdk;

namespace Actors.Loading.Reload;

/// <summary>Loads a version of a plugin where it belongs: into this process or into one of its own.</summary>
/// <param name="containment">Contains the plugins.</param>
/// <param name="processes">How processes are started; <see langword="null"/> to load every plugin into this one.</param>
/// <param name="log">Receives what processes write to stderr.</param>
/// <param name="time">The clock.</param>
internal sealed class PluginLoader(PluginContainment containment, PluginProcessOptions? processes, IActorLog log, TimeProvider time)
{
    /// <summary>The record of what works in this process.</summary>
    public WorkMarkers Markers => containment.Markers;

    /// <summary>Prepares the containment of a version.</summary>
    public ContainedPlugin Prepare(Candidate source) => containment.Prepare(
        source.Manifest!.Id, source.IsShipped || Isolates(source), PermissionsOf(source.Manifest), source.Image!.Hash);

    /// <summary>What a plugin may do.</summary>
    public PluginPermissions PermissionsOf(Manifest manifest) => PluginPermissions.Of(manifest, processes?.Grants.Of(manifest.Id) ?? PluginGrant.None);

    /// <summary>The settings of plugins that the operator gave, by id.</summary>
    public IReadOnlyDictionary<string, SettingsBody> Settings { get; set; } = new Dictionary<string, SettingsBody>();

    /// <summary>The settings of a plugin; <see langword="null"/> if it has none.</summary>
    public SettingsBody? SettingsOf(Manifest manifest) => SettingsSource.Merge(manifest.Settings, Settings.GetValueOrDefault(manifest.Id));

    /// <exception cref="PluginException">The version cannot be loaded; the message says why.</exception>
    public ILoadedPlugin Load(Candidate source, ContainedPlugin contained) => Isolates(source)
        ? ProcessPlugin.Load(source.Image!, source.Manifest!, processes!, SettingsOf(source.Manifest!), contained.Health, log, time)
        : source.IsShipped || !containment.IsOnThreads ? LoadedPlugin.Load(source.Image!, source.Manifest!, contained.Register, SettingsOf(source.Manifest!))
        : LoadWithDeadline(source, contained);

    // What killed the daemon twice is not tried a third time.
    private DeferredPlugin LoadWithDeadline(Candidate source, ContainedPlugin contained)
    {
        var (id, image, settings) = (source.Manifest!.Id, source.Image!, SettingsOf(source.Manifest));
        if (containment.Markers.LeftOut(id, image.Hash) is { } why)
            throw new PluginException(why);
        return DeferredPlugin.Begin(source.Manifest.Actors, () =>
        {
            using (containment.Markers.Begin(WorkKind.Loading, id, image.Hash))
                return LoadedPlugin.Load(image, source.Manifest, contained.Register, settings);
        }, id, time);
    }

    private bool Isolates(Candidate source) => processes?.Isolates(source) == true;
}
