using Actors.Cli.CommandLine;
using Actors.Dispatch.Registry;
using Actors.Host.Daemon;
using Actors.Host.Settings;
using Actors.Sdk;

namespace Actors.Host.Commands;

/// <summary>Reloads plugins, policies and the classes of the configuration. The other keys of the configuration count from the next start on.</summary>
/// <param name="current">The configuration with which the daemon started.</param>
/// <param name="read">Reads the configuration again.</param>
/// <param name="log">Where changes are logged.</param>
internal sealed class ConfigurationReload(HostConfiguration current, Func<HostConfiguration> read, IActorLog log)
{
    private IReadOnlyList<DomainClass> _classes = current.Classes ?? [];

    public async Task ReloadAsync(ActorHost host)
    {
        await host.ReloadAsync();
        HostConfiguration file;
        try
        {
            file = read();
        }
        catch (CommandException error)
        {
            log.Warn($"{error.Message}; the classes stay as they are");
            return;
        }
        if (!current.IsSameExceptClasses(file))
            log.Warn("the configuration has other changes than those of its classes; restart the daemon to use them");
        var classes = file.Classes ?? [];
        if (classes.SequenceEqual(_classes))
            return;
        _classes = classes;
        await host.UseAsync(new DomainClasses(classes));
        log.Info(classes.Count == 1 ? "the configuration has 1 class of domains now" : $"the configuration has {classes.Count} classes of domains now");
    }
}
