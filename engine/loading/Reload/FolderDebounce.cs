
namespace Actors.Loading.Reload;

/// <summary>Which folders are still being written. One is at rest that looks the same in two looks some time apart.</summary>
internal sealed class FolderDebounce(TimeProvider time)
{
    /// <summary>How long a changed folder must look the same.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(300);

    /// <summary>The same for one that is gone or has no DLL any more: many a script removes first and copies then.</summary>
    public static readonly TimeSpan QuietWhenGone = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, (string Fingerprint, long Since)> _restless = [];

    /// <summary>Whether any has changed and not rested yet.</summary>
    public bool Any => _restless.Count > 0;

    public IEnumerable<string> Folders => [.. _restless.Keys];

    /// <summary>Whether a folder has changed since it was judged, and has rested so long.</summary>
    public bool HasRested(string folder, string fingerprint, string? judged, TimeSpan quiet)
    {
        if (fingerprint == judged)
        {
            _restless.Remove(folder);
            return false;
        }
        if (!_restless.TryGetValue(folder, out var seen) || seen.Fingerprint != fingerprint)
        {
            _restless[folder] = (fingerprint, time.GetTimestamp());
            return false;
        }
        return time.GetElapsedTime(seen.Since) >= quiet && _restless.Remove(folder);
    }

    public void Forget(string folder) => _restless.Remove(folder);
}
