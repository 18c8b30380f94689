using System.Globalization;
using Actors.Cli.CommandLine;
using Actors.Dispatch.Files;

namespace Actors.Host.Platforms;

/// <summary>Allows only one daemon on a machine: two would interfere with each other's pagers and targets. The kernel releases the lock with the process.</summary>
internal sealed class DaemonLock : IDisposable
{
    private readonly FileStream _file;

    private DaemonLock(FileStream file) => _file = file;

    /// <exception cref="CommandException">Another daemon holds the lock.</exception>
    public static DaemonLock Take(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var file = LockFile.TryTake(path)
            ?? throw new CommandException(ExitCode.Failed, $"another actors daemon is running on this machine (it holds {path}); stop it first, for example with 'systemctl stop actors'");
        file.SetLength(0);
        file.Write(System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n"));
        file.Flush();
        return new DaemonLock(file);
    }

    public void Dispose() => _file.Dispose();
}
