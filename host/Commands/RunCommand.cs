using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using Actors.Chains.Scripts.Processes;
using Actors.Cli.CommandLine;
using Actors.Cli.Settings;
using Actors.Dispatch.Files;
using Actors.Dispatch.Journal;
using Actors.Dispatch.Registry;
using Actors.Host.Control;
using Actors.Host.Daemon;
using Actors.Host.Logging;
using Actors.Host.Platforms;
using Actors.Host.Service;
using Actors.Host.Settings;
using Actors.Host.Simulation;
using Actors.Host.Supervision;
using Actors.Isolation.Groups;
using Actors.Loading.Containment;
using Actors.Loading.Markers;
using Actors.Loading.Processes;
using Actors.Loading.Signing;
using Actors.Sdk;
using Actors.Sim.Scenarios;
using Actors.Sim.Scenarios.Yaml;
using Actors.XenStore;

namespace Actors.Host.Commands;

/// <summary><c>actors run</c>: runs the daemon in the foreground.</summary>
internal static class RunCommand
{
    // At most a quarter of the machine's memory.
    private static readonly Kib StandardMemory = new(Math.Min(1L << 20, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4 >> 10));

    public static Command Make()
    {
        var defaults = new HostOptions();
        var hypervisor = CheckedOptions.Choice("--hypervisor", new Dictionary<string, HypervisorKind> { ["xen"] = HypervisorKind.Xen, ["sim"] = HypervisorKind.Sim });
        (hypervisor.Description, hypervisor.HelpName) = ("xen or sim. Default: xen in a dom0, elsewhere sim", "xen|sim");
        var sim = new Option<string?>("--sim") { Description = "The scenario of the simulated host. Default: a small built-in one", HelpName = "FILE" }.AsPath();
        var socket = new Option<string?>("--store-socket") { Description = $"The socket of the simulated host's xenstore. Default: {HostPaths.Socket}", HelpName = "PATH" }.AsPath();
        var config = new Option<string?>("--config") { Description = "The configuration file of the host; options override it. Default for root: /etc/actors/actors.yaml if it exists", HelpName = "FILE" }.AsPath();
        var plugins = FolderOptions.Plugins("The folder that contains the plugin folders");
        var policies = FolderOptions.Policies();
        var policy = new Option<string>("--default-policy") { Description = "The policy of domains without an actor key", HelpName = "NAME", DefaultValueFactory = _ => defaults.DefaultPolicy };
        var shadow = new Option<string[]>("--shadow") { Description = "Run this policy as a shadow: it moves nothing, and 'history' shows where it differs from the active one", HelpName = "POLICY" };
        var journal = new Option<string>("--journal") { Description = "The file that keeps the outcomes", HelpName = "FILE", DefaultValueFactory = _ => HostPaths.Journal }.AsPath();
        var memory = CheckedOptions.Number("--plugin-memory", 1, 1 << 20, byDefault: (int)(new PluginLimits().Memory >> 20));
        (memory.Description, memory.HelpName) = ("Take a plugin out of service when it makes the heap grow by more than this", "MIB");
        var fresh = new Option<bool>("--fresh") { Description = "Start a new simulated machine, even if a killed daemon left one that could continue" };
        var verbose = new Option<bool>("--verbose") { Description = "Log more" };
        var command = new Command("run", "Run the daemon in the foreground")
        {
            hypervisor, sim, socket, config, plugins, policies, policy, shadow, journal, memory, fresh, verbose,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(hypervisor)?.Tokens is [{ Value: "xen" }] && Simulation(result) is { } option)
                result.AddError($"{option} is an option of the simulated machine and cannot be combined with '--hypervisor xen'");
        });
        command.SetAction((arguments, cancellation) => Terminal.GuardAsync(async () =>
        {
            Log.ToStderr(arguments.GetValue(verbose));
            var lastGood = new LastGoodFiles(HostPaths.LastGood, Log.For(null).Warn);
            T Setting<T>(Option<T> option, T? inFile) => inFile is not null && !IsGiven(arguments.CommandResult, option) ? inFile : arguments.GetValue(option)!;
            IReadOnlyCollection<string> Names(string? policyFolder, string? pluginFolder) =>
                ConfiguredPolicies.Names(Setting(policies, policyFolder), Setting(plugins, pluginFolder));
            HostConfiguration ReadFile() => ConfigurationFile.Read(
                arguments.GetValue(config) ?? ConfigurationFile.Default, lastGood, Log.For(null).Warn, Names);
            var file = ReadFile();
            var options = new HostOptions
            {
                PluginFolder = Setting(plugins, file.PluginFolder),
                PolicyFolder = Setting(policies, file.PolicyFolder),
                DefaultPolicy = Setting(policy, file.DefaultPolicy),
                Shadows = Setting(shadow, file.Shadows?.ToArray()) ?? [],
                Reserve = file.Reserve ?? defaults.Reserve,
                KeepsScripts = true,
                LastGoodFolder = HostPaths.LastGood,
                Reloads = true,
                Classes = new DomainClasses(file.Classes ?? []),
                JournalPath = Path.GetFullPath(Setting(journal, file.JournalPath)),
                Processes = new PluginProcessOptions(Environment.ProcessPath!, new PluginGrants(file.Isolation ?? PluginGrants.None.ById, PluginUser.Find())),
                PluginSettings = file.PluginSettings ?? defaults.PluginSettings,
                Scripts = new ScriptProcessOptions(Environment.ProcessPath!, PluginUser.Find(), Log.For(null).Warn).WithTime(file.ScriptTime ?? ScriptProcessOptions.StandardTime),
                Trust = file.Trust ?? TrustPolicy.None,
            };
            ConfiguredPolicies.Check(options);
            var limits = new PluginLimits { Memory = Memory() };
            long Memory() => file.PluginMemory is { } limit && !IsGiven(arguments.CommandResult, memory)
                ? limit.Value << 10
                : (long)arguments.GetValue(memory) << 20;
            var choice = HypervisorChoice.Of(arguments.GetValue(hypervisor), Simulation(arguments.CommandResult), Dom0.Detect());
            Log.For(null).Info(choice.Why);
            using var outcomes = OpenJournal(options.JournalPath);
            using var end = new DaemonEnd(Log.For(null), outcomes);
            using var request = cancellation.Register(end.Request);
            try
            {
                await using IPlatform platform = choice.Kind == HypervisorKind.Xen
                    ? await XenPlatform.StartAsync(outcomes, cancellation)
                    : await SimulatedPlatform.StartAsync(
                        Scenario(arguments.GetValue(sim)), arguments.GetValue(socket) ?? HostPaths.Socket, arguments.GetValue(fresh), outcomes, cancellation);
                await RunAsync(platform, options, limits, file.DaemonMemory, new ConfigurationReload(file, ReadFile, Log.For(null)), end, cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                // A daemon that was asked to stop has not failed.
                Log.For(null).Info("stopped before it was ready");
            }
            catch (Exception error) when (!cancellation.IsCancellationRequested && error is not (CommandException or XenStoreConnectionException))
            {
                end.Report("ended", $"an error ended the daemon: {error.GetType().Name}: {error.Message}");
                return ExitCode.NotRequested;
            }
            return ExitCode.Ok;
        }));
        return command;

        string? Simulation(CommandResult result) => new Option[] { sim, socket, fresh }
            .FirstOrDefault(option => IsGiven(result, option))?.Name;
    }

    // A journal that is not writable now costs its entries. One that can never be this daemon's is a mistake in the configuration.
    private static FileJournal OpenJournal(string path)
    {
        var journal = new FileJournal(path);
        try
        {
            journal.Open();
        }
        catch (JournalException error)
        {
            throw new CommandException(ExitCode.InvalidConfiguration, error.Message);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Log.For(null).Warn($"the journal is not writable, so outcomes are not kept: {error.Message}");
        }
        return journal;
    }

    private static bool IsGiven(CommandResult result, Option option) => result.GetResult(option) is { Implicit: false };

    private static async Task RunAsync(
        IPlatform platform, HostOptions options, PluginLimits limits, Kib? memoryLimit, ConfigurationReload configuration, DaemonEnd end, CancellationToken stop)
    {
        var log = Log.For(null);
        UnobservedErrors.Catch();
        using var markers = WorkMarkers.Open(platform.MarkerPath, log.Warn, (plugin, text) =>
        {
            log.Warn($"plugin '{plugin}': {text}");
            platform.Services.Journal.Append(JournalEntry.OfPlugin(plugin, "died", text, TimeProvider.System.GetUtcNow()));
        });
        end.InProgress = markers.Describe;
        var watchdog = DaemonWatchdog.Start(end, memoryLimit ?? StandardMemory, markers.Describe, log);
        end.Stopping = () =>
        {
            watchdog.Stop();
            markers.Clear();
        };
        options = options with
        {
            ControlPath = platform.ControlPath,
            SettingsPath = platform.SettingsPath,
            Processes = options.Processes! with { Groups = DelegatedGroup.Find(out var withoutGroups) },
            Containment = services => PluginContainment.OnThreads(services, limits, markers),
        };
        if (withoutGroups.Length > 0)
            log.Debug($"the processes of plugins have no cgroups of their own: {withoutGroups}");
        await using var host = await ActorHost.StartAsync(platform.Services, options, cancellation: stop);
        await using var control = new ControlServer(platform.ControlPath, host.Verbs, log);
        using var reload = new ReloadSignal(() => configuration.ReloadAsync(host), log);
        using var trim = new MemoryTrim(TimeProvider.System);
        watchdog.Ready();
        var started = TimeProvider.System.GetUtcNow() - Process.GetCurrentProcess().StartTime.ToUniversalTime();
        log.Info($"ready after {started.TotalSeconds:0.00} s: {platform.Description}; "
            + $"actors {string.Join(", ", host.Directory.Actors)}; policies {string.Join(", ", host.Directory.Policies)}; journal {options.JournalPath}");
        log.Info($"its xenstore: {platform.StoreHint}");
        ServiceManager.Notify($"READY=1\nSTATUS={platform.Description}");

        var stopped = new TaskCompletionSource();
        using (stop.Register(() => stopped.TrySetResult()))
        // Of the callbacks, the last one runs first, and the others may take long.
        using (stop.Register(end.Request))
            await await Task.WhenAny(stopped.Task, platform.Completion);
        ServiceManager.Notify("STOPPING=1\nSTATUS=stopping");
        log.Info("stopping");
    }

    private static Scenario Scenario(string? file)
    {
        if (file is not null && RegularFile.ProblemBehindLinks(file) is { } problem)
            throw new CommandException(ExitCode.InvalidConfiguration, problem);
        try
        {
            return file is null ? SimulatedMachine.BuiltIn("small.yaml") : ScenarioFile.Load(file);
        }
        catch (ScenarioException error)
        {
            throw new CommandException(ExitCode.InvalidConfiguration, error.Problems.Select(problem => problem.ToString()));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.InvalidConfiguration, error.Message);
        }
    }
}
