using System.Text;
using Actors.XenStore;
using Actors.XenStore.Embedded;

namespace Actors.Sim.Persistence;

/// <summary>
/// Stores what a crash of this process must not lose: one line per entry, handed to the kernel before the caller continues.
/// The file is rewritten without outdated entries at the start and whenever it has grown to several times that size.
/// </summary>
internal sealed class MachineFile(string path, string scenario, Action<string> warn) : INodeObserver, IDisposable
{
    private const long SmallEnough = 4 * 1024 * 1024;
    private const int GrowsTo = 4;
    private const int BlockSize = 64 * 1024;

    private readonly Lock _lock = new();
    private readonly MachineImage _image = new();
    private MachineLines _lines = new();
    private FileStream? _file;
    private long _limit;
    private bool _over;

    public string Path { get; } = path;

    /// <summary>Replaces the file of an earlier process. It contains everything that was appended before.</summary>
    public void Begin() => Try(() =>
    {
        if (!_over)
            Rewrite();
    });

    public void Append(MachineEntry entry) => Try(() =>
    {
        if (!_image.Apply(entry) || _file is null)
            return;
        _file.Write(_lines.Write(entry));
        if (_file.Position > _limit)
            Rewrite();
    });

    /// <summary>Switches the machine off: deletes the file and writes nothing more.</summary>
    public void Remove() => Try(() =>
    {
        _over = true;
        Dispose();
        File.Delete(Path);
    });

    /// <summary>Stops writing; the file stays.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _file?.Dispose();
            _file = null;
        }
    }

    void INodeObserver.Changed(string path, ReadOnlySpan<byte> value, NodePermissions permissions) =>
        Append(new NodeEntry(path, Encoding.Latin1.GetString(value), permissions.Entries));

    void INodeObserver.Removed(string path) => Append(new NodeGone(path));

    private void Rewrite()
    {
        var fresh = $"{Path}.new";
        File.Delete(fresh);
        Dispose();
        _file = Create(fresh);
        _lines = new MachineLines();
        IEnumerable<MachineEntry> entries = [new MachineHeader(MachineHeader.Known, scenario), .. _image.Entries, new MachineComplete()];
        // In blocks: a thousand domains are megabytes, and an array of that size would stay in the runtime's pool of arrays.
        var blocks = new BufferedStream(_file, BlockSize);
        foreach (var entry in entries)
            blocks.Write(_lines.Write(entry));
        blocks.Flush();
        File.Move(fresh, Path, overwrite: true);
        _limit = Math.Max(SmallEnough, GrowsTo * _file.Position);
    }

    private static FileStream Create(string path)
    {
        // Unbuffered, so that a written line survives when this process is killed.
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 };
        // Like the socket next to it, only its owner can access it.
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    // When the disk is full, the machine cannot be restored later; nothing else is affected.
    private void Try(Action work)
    {
        lock (_lock)
        {
            try
            {
                work();
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                _over = true;
                Dispose();
                warn($"the simulated machine cannot be saved in {Path}, so it will not survive a crash of this process: {error.Message}");
            }
        }
    }
}
