using System.Text;
using System.Text.Json;
using Actors.XenStore;
using Actors.XenStore.Embedded;

namespace Actors.Sim.Persistence;

/// <summary>
/// Keeps what a crash of this process must not lose: a line of JSON an entry, in the kernel's hands before the one who caused it goes
/// on. It is written anew, without what has become void, when it begins and whenever it has grown to some times of that.
/// </summary>
internal sealed class MachineFile(string path, string scenario, Action<string> warn) : INodeObserver, IDisposable
{
    private const long SmallEnough = 4 * 1024 * 1024;
    private const int GrowsTo = 4;

    private readonly Lock _lock = new();
    private readonly MachineImage _image = new();
    private FileStream? _file;
    private long _limit;
    private bool _over;

    public string Path { get; } = path;

    /// <summary>Takes the place of what an earlier process left there. What was told before is in it.</summary>
    public void Begin() => Try(() =>
    {
        if (!_over)
            Rewrite();
    });

    public void Append(MachineEntry entry) => Try(() =>
    {
        if (!_image.Apply(entry) || _file is null)
            return;
        _file.Write(LineOf(entry));
        if (_file.Position > _limit)
            Rewrite();
    });

    /// <summary>The machine is switched off: nothing is kept, and nothing more is written.</summary>
    public void Remove() => Try(() =>
    {
        _over = true;
        Dispose();
        File.Delete(Path);
    });

    /// <summary>Writes no more; the file stays.</summary>
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

    private static byte[] LineOf(MachineEntry entry) => [.. JsonSerializer.SerializeToUtf8Bytes(entry, MachineJson.Default.MachineEntry), (byte)'\n'];

    private void Rewrite()
    {
        var fresh = $"{Path}.new";
        File.Delete(fresh);
        Dispose();
        _file = Create(fresh);
        _file.Write([.. LineOf(new MachineHead(MachineHead.Known, scenario)), .. _image.Entries.SelectMany(LineOf)]);
        File.Move(fresh, Path, overwrite: true);
        _limit = Math.Max(SmallEnough, GrowsTo * _file.Position);
    }

    private static FileStream Create(string path)
    {
        // Unbuffered: a line that is written survives a kill of this process.
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 };
        // As the socket beside it, it is its owner's alone.
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    // A disk that is full costs the machine its second life, and nothing else.
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
                warn($"the simulated machine cannot be kept in {Path}, so it will not survive a crash of this process: {error.Message}");
            }
        }
    }
}
