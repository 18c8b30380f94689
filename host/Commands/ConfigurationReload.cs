using Actors.Cli.CommandLine;
using Actors.Dispatch.Registry;
using Actors.Host.Daemon;
using Actors.Host.Settings;
using Actors.Isolation.Messages;
using Actors.Sdk;

namespace Actors.Host.Commands;

/// <summary>
/// Reloads plugins, policies, and of the configuration the classes and the settings of plugins. The other keys of the configuration count from
/// the next start on.
/// </summary>
/// <param name="current">The configuration with which the daemon started.</param>
/// <param name="read">Reads the configuration again.</param>
/// <param name="log">Where changes are logged.</param>
internal sealed class ConfigurationReload(HostConfiguration current, Func<HostConfiguration> read, IActorLog log)
{
    private IReadOnlyList<DomainClass> _classes = current.Classes ?? [];
    private IReadOnlyDictionary<string, SettingsBody> _settings = current.PluginSettings ?? new Dictionary<string, SettingsBody>();

    public async Task ReloadAsync(ActorHost host)
    {
        var file = Read();
        // Before a plugin is loaded that needs them.
        if (file is not null)
            await UseSettingsAsync(host, file.PluginSettings ?? new Dictionary<string, SettingsBody>());
        await host.ReloadAsync();
        if (file is not null)
            await UseClassesAsync(host, file.Classes ?? []);
    }

    private HostConfiguration? Read()
    {
        try
        {
            var file = read();
            if (!current.IsSameExceptReloadable(file))
                log.Warn("the configuration has other changes than those of its classes and of the settings of plugins; restart the daemon to use them");
            return file;
        }
        catch (CommandException error)
        {
            log.Warn($"{error.Message}; the classes and the settings of plugins stay as they are");
            return null;
        }
    }

    private async Task UseSettingsAsync(ActorHost host, IReadOnlyDictionary<string, SettingsBody> settings)
    {
        if (PluginSettingsYaml.AreEqual(settings, _settings))
            return;
        _settings = settings;
        await host.UseAsync(settings);
    }

    private async Task UseClassesAsync(ActorHost host, IReadOnlyList<DomainClass> classes)
    {
        if (classes.SequenceEqual(_classes))
            return;
        _classes = classes;
        await host.UseAsync(new DomainClasses(classes));
        log.Info(classes.Count == 1 ? "the configuration has 1 class of domains now" : $"the configuration has {classes.Count} classes of domains now");
    }
}
