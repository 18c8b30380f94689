using System.CommandLine;
using System.Diagnostics;
using Actors.Host.Control;
using Actors.Host.Journal;
using Actors.Host.Plugins.Containment;
using Actors.Host.Simulation;
using Actors.Sdk;
using Actors.Sim;
using Actors.XenStore;
using Actors.XenStore.Server;

namespace Actors.Host.Commands;

/// <summary><c>actors run</c>: the daemon, in the foreground.</summary>
internal static class RunCommand
{
    public static Command Make()
    {
        var defaults = new HostOptions();
        var sim = new Option<string?>("--sim") { Description = "The scenario of the simulated host; a small one when left out", HelpName = "FILE" };
        var socket = new Option<string>("--store-socket") { Description = "Where to serve its xenstore", HelpName = "PATH", DefaultValueFactory = _ => HostPaths.Socket };
        var plugins = new Option<string>("--plugins") { Description = "The folder of plugin folders", HelpName = "DIR", DefaultValueFactory = _ => defaults.PluginFolder };
        var policies = new Option<string>("--policies") { Description = "The folder of policies", HelpName = "DIR", DefaultValueFactory = _ => defaults.PolicyFolder };
        var policy = new Option<string>("--default-policy") { Description = "The policy of domains that name none", HelpName = "NAME", DefaultValueFactory = _ => defaults.DefaultPolicy };
        var shadow = new Option<string[]>("--shadow") { Description = "A policy that looks on beside the serving one and moves nothing; 'history' shows where they differ", HelpName = "POLICY" };
        var journal = new Option<string>("--journal") { Description = "Where outcomes are kept", HelpName = "FILE", DefaultValueFactory = _ => HostPaths.Journal };
        var memory = new Option<int>("--plugin-memory") { Description = "How far one plugin may make the heap grow before it is put out of service", HelpName = "MIB", DefaultValueFactory = _ => (int)(new PluginLimits().Memory >> 20) };
        var fresh = new Option<bool>("--fresh") { Description = "Begin with a new simulated machine, even where a killed daemon left one that could go on" };
        var verbose = new Option<bool>("--verbose") { Description = "Tell more" };
        var command = new Command("run", "Run the daemon in the foreground") { sim, socket, plugins, policies, policy, shadow, journal, memory, fresh, verbose };
        command.SetAction((arguments, cancellation) => Terminal.GuardAsync(async () =>
        {
            Log.ToStderr(arguments.GetValue(verbose));
            var scenario = arguments.GetValue(sim) is { } file ? Load(file) : SimulatedMachine.BuiltIn("small.yaml");
            var options = new HostOptions
            {
                PluginFolder = arguments.GetValue(plugins)!,
                PolicyFolder = arguments.GetValue(policies)!,
                DefaultPolicy = arguments.GetValue(policy)!,
                Shadows = arguments.GetValue(shadow) ?? [],
                ScriptFolder = HostPaths.Scripts,
                Reloads = true,
                JournalPath = Path.GetFullPath(arguments.GetValue(journal)!),
                Containment = ground => PluginContainment.OnThreads(ground, new PluginLimits { Memory = (long)arguments.GetValue(memory) << 20 }),
                WatchPlugins = true,
            };
            await RunAsync(scenario, arguments.GetValue(socket)!, arguments.GetValue(fresh), options, cancellation);
            return ExitCode.Ok;
        }));
        return command;
    }

    private static async Task RunAsync(Scenario scenario, string socket, bool fresh, HostOptions options, CancellationToken stop)
    {
        var log = Log.For(null);
        StrayErrors.Catch();
        using var journal = new FileJournal(options.JournalPath!, log);
        // The socket first: whoever has it has the machine beside it, and a client waits until that is whole.
        await using var server = Bind(socket);
        using var survival = new MachineSurvival($"{server.SocketPath}.machine", scenario, fresh, log.Warn);
        using var off = stop.Register(survival.SwitchOff);
        var machine = new SimulatedMachine(new SimulationClock(TimeProvider.System.GetUtcNow()), scenario, log.Debug, survival.Nodes);
        await using var loop = new RealTimeLoop(machine.Clock);
        var goingOn = await BeginAsync(survival, machine, stop);
        if (goingOn is not null)
            log.Info($"the simulated machine goes on where the last daemon was killed, domains: {goingOn}; stop it with Ctrl-C or SIGTERM to switch it off");
        server.Serve(machine.Store);
        var ground = new HostGround(machine.Store.Connect(0), machine.Host, TimeProvider.System, journal, Log.For);
        var control = $"{server.SocketPath}.control";
        await using var host = await ActorHost.StartAsync(ground, options with { ControlPath = control }, cancellation: stop);
        await using var ear = new ControlServer(control, host.Verbs, log);
        var started = TimeProvider.System.GetUtcNow() - Process.GetCurrentProcess().StartTime.ToUniversalTime();
        log.Info($"ready after {started.TotalSeconds:0.00} s: {machine.Host.Description}, {goingOn ?? scenario.Domains.Count} domains; "
            + $"actors {string.Join(", ", host.Directory.Actors)}; policies {string.Join(", ", host.Directory.Policies)}; journal {options.JournalPath}");
        log.Info($"its xenstore: export XENSTORED_PATH={server.SocketPath}");

        var stopped = new TaskCompletionSource();
        using (stop.Register(() => stopped.TrySetResult()))
            await await Task.WhenAny(stopped.Task, loop.Completion);
        log.Info("stopping");
    }

    private static Scenario Load(string file)
    {
        try
        {
            return Scenario.Load(file);
        }
        catch (ScenarioException error)
        {
            throw new CommandException(ExitCode.InvalidConfiguration, error.Message);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.InvalidConfiguration, error.Message);
        }
    }

    private static async Task<int?> BeginAsync(MachineSurvival survival, SimulatedMachine machine, CancellationToken stop)
    {
        try
        {
            return await survival.BeginAsync(machine.Host, machine.Run, stop);
        }
        catch (Exception error) when (survival.GoesOn && error is HypervisorException or XenStoreException)
        {
            throw new CommandException(ExitCode.Failed, $"the simulated machine cannot go on: {error.Message}; 'actors run --fresh' begins a new one");
        }
    }

    private static XenStoreServer Bind(string socket)
    {
        try
        {
            if (socket == HostPaths.Socket)
                Directory.CreateDirectory(Path.GetDirectoryName(socket)!);
            return XenStoreServer.Bind(socket);
        }
        catch (XenStoreServerException error)
        {
            throw new CommandException(ExitCode.Failed, error.Message);
        }
    }
}
