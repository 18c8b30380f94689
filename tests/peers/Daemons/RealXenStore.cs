using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Actors.Peers;

/// <summary>The kind of daemon.</summary>
public enum Daemon
{
    /// <summary>xenstored, in C.</summary>
    Xenstored,

    /// <summary>oxenstored, in OCaml.</summary>
    Oxenstored,
}

/// <summary>An unmodified xenstore daemon of the Xen packages, with a directory in place of the hypervisor.</summary>
internal sealed class RealXenStore : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(20);
    private static readonly Lazy<Task<string>> Shim = new(CompileShimAsync);

    private readonly Daemon _daemon;
    private readonly DirectoryInfo _directory;
    private readonly StringBuilder _log = new();
    private Process? _process;

    private RealXenStore(Daemon daemon)
    {
        _daemon = daemon;
        _directory = Directory.CreateTempSubdirectory("xs-");
        foreach (var name in (ReadOnlySpan<string>)["run", "lib", "hv", "log"])
            _directory.CreateSubdirectory(name);
        Hypervisor = new FakeHypervisor(Inside("hv"));
    }

    public FakeHypervisor Hypervisor { get; }

    public string SocketPath => Inside("run/socket");

    public int ProcessId => _process!.Id;

    /// <summary>The environment variables with which a program of the Xen packages finds this store.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string> { ["XENSTORED_PATH"] = SocketPath };

    /// <summary>Starts a daemon with an empty store and waits until it listens.</summary>
    /// <exception cref="MissingPeerException">A program or header that the daemon needs is not installed.</exception>
    public static async Task<RealXenStore> StartAsync(Daemon daemon)
    {
        var store = new RealXenStore(daemon);
        try
        {
            await store.StartAsync();
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the daemon again after <see cref="KillAsync"/>, with the same path and an empty store.</summary>
    public async Task StartAsync()
    {
        var program = Programs.Find(_daemon == Daemon.Xenstored ? "xenstored" : "oxenstored", Programs.XenUtils);
        var shim = await Shim.Value;
        File.Delete(SocketPath);
        Directory.Delete(Inside("lib"), recursive: true);
        _directory.CreateSubdirectory("lib");
        _process = Programs.Start(program, Arguments(), new Dictionary<string, string>
        {
            ["LD_PRELOAD"] = shim,
            ["XENSHIM_DIR"] = Inside("hv"),
            ["XENSHIM_PARENT"] = System.Environment.ProcessId.ToString(),
            ["XENSHIM_REDIRECT"] = $"/var/run/xenstored={Inside("run")}",
            ["XENSTORED_RUNDIR"] = Inside("run"),
            ["XENSTORED_ROOTDIR"] = Inside("lib"),
        });
        _process.OutputDataReceived += (_, line) => Log(line.Data);
        _process.ErrorDataReceived += (_, line) => Log(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Eventually.TrueAsync(() => Listens(SocketPath) || _process.HasExited, $"{program} to listen", StartDeadline);
        if (_process.HasExited)
            throw new InvalidOperationException($"{program} ended with {_process.ExitCode}: {_log}");
    }

    // The file of the socket exists a moment before the daemon listens on it.
    private static bool Listens(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Kills the daemon, as a crash would.</summary>
    public async Task KillAsync()
    {
        if (_process is null)
            return;
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _directory.Delete(recursive: true);
    }

    /// <summary>Compiles the shim once per test run. The system cleans its folder.</summary>
    private static async Task<string> CompileShimAsync()
    {
        var library = Path.Combine(Directory.CreateTempSubdirectory("xenshim-").FullName, "xenshim.so");
        var source = Path.Combine(AppContext.BaseDirectory, "shim", "xenshim.c");
        await Programs.CompileAsync("-O2", "-Wall", "-shared", "-fPIC", "-o", library, source, "-ldl");
        return library;
    }

    private string[] Arguments()
    {
        if (_daemon == Daemon.Xenstored)
            return ["-N"];
        var configuration = Inside("oxenstored.conf");
        // The log files must be regular files: oxenstored rotates them by rename(2), which as root would replace a device.
        // The quotas are those of Debian's /etc/xen/oxenstored.conf.
        File.WriteAllText(configuration, $"""
            pid-file = {Inside("pid")}
            merge-activate = true
            perms-activate = true
            perms-watch-activate = true
            quota-activate = true
            quota-maxentity = 1000
            quota-maxsize = 2048
            quota-maxwatch = 100
            quota-transaction = 10
            quota-maxrequests = 1024
            quota-path-max = 1024
            quota-maxoutstanding = 1024
            quota-maxwatchevents = 1024
            persistent = false
            xenstored-log-file = {Inside("log/xenstored.log")}
            xenstored-log-level = null
            xenstored-log-nb-files = 0
            access-log-file = {Inside("log/access.log")}
            access-log-nb-files = 0
            xenstored-kva = /proc/xen/xsd_kva
            xenstored-port = /proc/xen/xsd_port

            """);
        return ["--no-fork", "--config-file", configuration];
    }

    private void Log(string? line)
    {
        lock (_log)
            _log.AppendLine(line);
    }

    private string Inside(string name) => Path.Combine(_directory.FullName, name);
}
