using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using Actors.Chains.Files;
using Actors.Dispatch.Journal;
using Actors.Host.CommandLine;
using Actors.Host.Control;
using Actors.Host.Daemon;
using Actors.Host.Logging;
using Actors.Host.Platforms;
using Actors.Host.Service;
using Actors.Host.Settings;
using Actors.Host.Simulation;
using Actors.Loading.Containment;
using Actors.Sim.Scenarios;
using Actors.Sim.Scenarios.Yaml;
using Actors.Yaml;

namespace Actors.Host.Commands;

/// <summary><c>actors run</c>: the daemon, in the foreground.</summary>
internal static class RunCommand
{
    // A run that is told to stop has this long to write where it stands.
    public static readonly TimeSpan DrainsWithin = TimeSpan.FromSeconds(20);

    public static Command Make()
    {
        var defaults = new HostOptions();
        var hypervisor = new Option<HypervisorKind?>("--hypervisor") { Description = "xen or sim; in a dom0 it is Xen, elsewhere a simulated machine, when left out", HelpName = "xen|sim" };
        var sim = new Option<string?>("--sim") { Description = "The scenario of the simulated host; a small one when left out", HelpName = "FILE" };
        var socket = new Option<string?>("--store-socket") { Description = $"Where to serve the simulated host's xenstore ({HostPaths.Socket})", HelpName = "PATH" };
        var config = new Option<string?>("--config") { Description = "The configuration of the host; the other options override it (root: /etc/actors/actors.yaml, where it exists)", HelpName = "FILE" };
        var plugins = new Option<string>("--plugins") { Description = "The folder of plugin folders", HelpName = "DIR", DefaultValueFactory = _ => defaults.PluginFolder };
        var policies = new Option<string>("--policies") { Description = "The folder of policies", HelpName = "DIR", DefaultValueFactory = _ => defaults.PolicyFolder };
        var policy = new Option<string>("--default-policy") { Description = "The policy of domains that name none", HelpName = "NAME", DefaultValueFactory = _ => defaults.DefaultPolicy };
        var shadow = new Option<string[]>("--shadow") { Description = "A policy that looks on beside the serving one and moves nothing; 'history' shows where they differ", HelpName = "POLICY" };
        var journal = new Option<string>("--journal") { Description = "Where outcomes are kept", HelpName = "FILE", DefaultValueFactory = _ => HostPaths.Journal };
        var memory = new Option<int>("--plugin-memory") { Description = "How far one plugin may make the heap grow before it is put out of service", HelpName = "MIB", DefaultValueFactory = _ => (int)(new PluginLimits().Memory >> 20) };
        var fresh = new Option<bool>("--fresh") { Description = "Begin with a new simulated machine, even where a killed daemon left one that could go on" };
        var verbose = new Option<bool>("--verbose") { Description = "Tell more" };
        var command = new Command("run", "Run the daemon in the foreground")
        {
            hypervisor, sim, socket, config, plugins, policies, policy, shadow, journal, memory, fresh, verbose,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(hypervisor) is HypervisorKind.Xen && Simulation(result) is { } option)
                result.AddError($"{option} belongs to a simulated machine; with it, '--hypervisor xen' makes no sense");
        });
        command.SetAction((arguments, cancellation) => Terminal.GuardAsync(async () =>
        {
            Log.ToStderr(arguments.GetValue(verbose));
            var file = Configuration(arguments.GetValue(config));
            T Chosen<T>(Option<T> option, T? inFile) => inFile is not null && !IsGiven(arguments.CommandResult, option) ? inFile : arguments.GetValue(option)!;
            var options = new HostOptions
            {
                PluginFolder = Chosen(plugins, file.PluginFolder),
                PolicyFolder = Chosen(policies, file.PolicyFolder),
                DefaultPolicy = Chosen(policy, file.DefaultPolicy),
                Shadows = Chosen(shadow, file.Shadows?.ToArray()) ?? [],
                KeepsScripts = true,
                Reloads = true,
                JournalPath = Path.GetFullPath(Chosen(journal, file.JournalPath)),
                Containment = ground => PluginContainment.OnThreads(ground, new PluginLimits { Memory = Memory() }),
            };
            long Memory() => file.PluginMemory is { } most && !IsGiven(arguments.CommandResult, memory)
                ? most.Value << 10
                : (long)arguments.GetValue(memory) << 20;
            var choice = HypervisorChoice.Of(arguments.GetValue(hypervisor), Simulation(arguments.CommandResult), Dom0.Look());
            Log.For(null).Info(choice.Why);
            using var outcomes = new FileJournal(options.JournalPath, Log.For(null));
            try
            {
                await using IPlatform ground = choice.Kind == HypervisorKind.Xen
                    ? await XenPlatform.StartAsync(outcomes, cancellation)
                    : await SimulatedPlatform.StartAsync(
                        Scenario(arguments.GetValue(sim)), arguments.GetValue(socket) ?? HostPaths.Socket, arguments.GetValue(fresh), outcomes, cancellation);
                await RunAsync(ground, options, cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                // A daemon that does as it is told has not failed.
                Log.For(null).Info("stopped before it was ready");
            }
            return ExitCode.Ok;
        }));
        return command;

        string? Simulation(CommandResult result) => new Option[] { sim, socket, fresh }
            .FirstOrDefault(option => IsGiven(result, option))?.Name;
    }

    private static bool IsGiven(CommandResult result, Option option) => result.GetResult(option) is { Implicit: false };

    private static async Task RunAsync(IPlatform ground, HostOptions options, CancellationToken stop)
    {
        var log = Log.For(null);
        UnobservedErrors.Catch();
        await using var host = await ActorHost.StartAsync(ground.Ground, options with { ControlPath = ground.ControlPath }, cancellation: stop);
        await using var ear = new ControlServer(ground.ControlPath, host.Verbs, log);
        using var hangup = new Hangup(host.ReloadAsync, log);
        var started = TimeProvider.System.GetUtcNow() - Process.GetCurrentProcess().StartTime.ToUniversalTime();
        log.Info($"ready after {started.TotalSeconds:0.00} s: {ground.Description}; "
            + $"actors {string.Join(", ", host.Directory.Actors)}; policies {string.Join(", ", host.Directory.Policies)}; journal {options.JournalPath}");
        log.Info($"its xenstore: {ground.StoreHint}");
        ServiceManager.Tell($"READY=1\nSTATUS={ground.Description}");

        var stopped = new TaskCompletionSource();
        using (stop.Register(() => stopped.TrySetResult()))
            await await Task.WhenAny(stopped.Task, ground.Completion);
        ServiceManager.Tell("STOPPING=1\nSTATUS=stopping");
        log.Info("stopping");
    }

    private static HostFile Configuration(string? named)
    {
        var path = named ?? (File.Exists(HostPaths.Configuration) ? HostPaths.Configuration : null);
        if (path is null)
            return new HostFile();
        var problems = new YamlProblems(path);
        var text = PolicyText.Read(path, problems);
        return (text is null ? null : HostFile.Parse(text, Path.GetDirectoryName(Path.GetFullPath(path))!, problems))
            ?? throw new CommandException(ExitCode.InvalidConfiguration, string.Join('\n', problems.InOrder.Prepend<object>("the configuration is wrong:")));
    }

    private static Scenario Scenario(string? file)
    {
        try
        {
            return file is null ? SimulatedMachine.BuiltIn("small.yaml") : ScenarioFile.Load(file);
        }
        catch (Exception error) when (error is ScenarioException or IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.InvalidConfiguration, error.Message);
        }
    }
}
