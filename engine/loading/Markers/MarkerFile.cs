using System.Text;
using Actors.Dispatch.Files;
using Microsoft.Win32.SafeHandles;

namespace Actors.Loading.Markers;

/// <summary>
/// The markers as a file with one line of fixed length for each. Each change is one write of one line, which the kernel keeps however the
/// process ends, so nothing has to be flushed. The first line names the boot: what a power failure ended has not killed the daemon.
/// </summary>
internal sealed class MarkerFile : IDisposable
{
    private const string BootFile = "/proc/sys/kernel/random/boot_id";
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _path;
    private readonly SafeFileHandle _file;

    private MarkerFile(string path, SafeFileHandle file) => (_path, _file) = (path, file);

    /// <summary>Reads the markers of the daemon before; empty if it was stopped.</summary>
    /// <returns>The markers, and whether the daemon died while the machine kept running.</returns>
    public static (IReadOnlyList<WorkMarker> Markers, bool Died) Read(string path)
    {
        if (RegularFile.Problem(path) is not null || !File.Exists(path))
            return ([], false);
        var lines = File.ReadAllLines(path);
        return ([.. lines.Skip(1).Select(WorkMarker.Parse).OfType<WorkMarker>()], lines.FirstOrDefault()?.Trim() == Boot());
    }

    /// <summary>Creates the file with these markers, instead of the one before.</summary>
    public static MarkerFile Create(string path, IEnumerable<WorkMarker> markers)
    {
        if (RegularFile.Problem(path) is { } problem)
            throw new IOException(problem);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        // It appears completely or not at all, because this process may die at once.
        var temporary = $"{path}.{Environment.ProcessId}";
        File.Delete(temporary);
        using (var file = new FileStream(temporary, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = Private }))
        {
            file.Write(Encoding.UTF8.GetBytes(Boot().PadRight(WorkMarker.Length - 1) + '\n'));
            foreach (var line in markers.Select(marker => marker.ToLine()))
                file.Write(line);
            file.Flush(flushToDisk: true);
        }
        File.Move(temporary, path, overwrite: true);
        return new MarkerFile(path, File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete));
    }

    /// <summary>Writes one marker.</summary>
    /// <param name="place">Its place, counted from 0.</param>
    /// <param name="line">Its line.</param>
    public void Write(int place, byte[] line) => RandomAccess.Write(_file, line, (place + 1L) * WorkMarker.Length);

    /// <summary>Removes the file: the daemon was stopped.</summary>
    public void Remove()
    {
        File.Delete(_path);
        Dispose();
    }

    public void Dispose() => _file.Dispose();

    private static string Boot() => File.Exists(BootFile) ? File.ReadAllText(BootFile).Trim() : "";
}
