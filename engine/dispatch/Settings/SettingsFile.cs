using Actors.Dispatch.Files;
using Actors.Sdk.Text;

namespace Actors.Dispatch.Settings;

/// <summary>
/// The file of all records. A change is one line, which the kernel has before the caller continues, so a kill loses nothing. The file is
/// replaced as a whole at the first change and whenever it has grown to several times the size of its records. A file that cannot be used
/// never stops the daemon.
/// </summary>
internal sealed class SettingsFile(string path, Action<string> warn) : IDisposable
{
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
    private const long MaxBytes = 256 * 1024 * 1024;
    private const long SmallEnough = 1024 * 1024;
    private const int GrowsTo = 4;

    private FileStream? _file;
    private ulong? _inode;
    private long _limit;
    private bool _unusable;
    private bool _failing;

    /// <summary>Reads the records of an earlier daemon.</summary>
    public IReadOnlyList<SettingsRecord> Load()
    {
        try
        {
            if (RegularFile.Problem(path) is { } problem)
                return Refuse(problem);
            if (!File.Exists(path))
                return [];
            if (FileTrust.Refusal(path) is { } refusal)
                return SetAside([], refusal);
            if (new FileInfo(path).Length > MaxBytes)
                return SetAside([], $"the file is larger than {MaxBytes >> 20} MiB");
            var (records, damage) = SettingsText.Read(File.ReadAllBytes(path));
            return damage is null ? records : SetAside(records, damage);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Refuse(error.Message);
        }
    }

    /// <summary>Adds a record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="all">All records with this one.</param>
    public void Append(SettingsRecord record, IEnumerable<SettingsRecord> all)
    {
        if (_unusable)
            return;
        try
        {
            // Another tool may have replaced or removed the file.
            if (_file is null || _file.Position > _limit || FileStat.Of(path)?.Inode != _inode)
                Replace(all);
            else
                _file.Write(SettingsText.Write(record));
            _failing = false;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The line may be there in part, so the next change replaces the file.
            Dispose();
            if (!_failing)
                warn($"the settings of domains cannot be stored in {path}, so they may be lost when a domain reboots after a restart of the daemon: {error.Message}");
            _failing = true;
        }
    }

    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
    }

    private void Replace(IEnumerable<SettingsRecord> all)
    {
        Dispose();
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
            Directory.CreateDirectory(folder);
        var fresh = $"{path}.new";
        File.Delete(fresh);
        // Unbuffered, so that a written line survives when this process is killed.
        var file = new FileStream(fresh, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
            UnixCreateMode = Mode,
        });
        _file = file;
        File.SetUnixFileMode(file.SafeFileHandle, Mode);
        file.Write(SettingsText.Write(all));
        file.Flush(flushToDisk: true);
        File.Move(fresh, path, overwrite: true);
        _inode = FileStat.Of(path)?.Inode;
        _limit = Math.Max(SmallEnough, GrowsTo * file.Position);
    }

    private IReadOnlyList<SettingsRecord> Refuse(string problem)
    {
        _unusable = true;
        warn($"the stored settings of domains are not used and not kept: {path}: {problem}");
        return [];
    }

    // The next change replaces the file, and the operator may need it to find out what happened.
    private IReadOnlyList<SettingsRecord> SetAside(IReadOnlyList<SettingsRecord> usable, string problem)
    {
        var copy = $"{path}.damaged";
        var kept = $"a copy of the file is kept in {copy}";
        try
        {
            File.Copy(path, copy, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            kept = $"the file could not be copied to {copy}: {error.Message}";
        }
        warn($"the stored settings of domains are damaged, and {Count.Of(usable.Count, "domain")} can be restored: {path}: {problem}; {kept}");
        return usable;
    }
}
