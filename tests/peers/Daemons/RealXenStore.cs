using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Actors.Peers;

/// <summary>Which daemon.</summary>
public enum Daemon
{
    /// <summary>xenstored, in C.</summary>
    Xenstored,

    /// <summary>oxenstored, in OCaml.</summary>
    Oxenstored,
}

/// <summary>A real xenstore daemon of the Xen packages, as it is, over a hypervisor that is only a directory.</summary>
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

    /// <summary>What a program of the Xen packages needs in its environment to find this store.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string> { ["XENSTORED_PATH"] = SocketPath };

    /// <summary>Starts a daemon, empty, and returns when it listens.</summary>
    /// <exception cref="MissingPeerException">Something that it needs is not on this machine.</exception>
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

    /// <summary>Starts it again after <see cref="KillAsync"/>: at the same path, and empty.</summary>
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

    // The socket's file is there a moment before anyone listens on it.
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

    /// <summary>Ends the daemon as a crash would.</summary>
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

    /// <summary>Once per run of the tests; the folder is the system's to clean.</summary>
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
        // Log files are real files: oxenstored rotates them by rename(2), which as root would replace a device.
        // The quotas are the ones of Debian's /etc/xen/oxenstored.conf.
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
