namespace Actors.Dispatch.Files;

/// <summary>
/// Decides when files that change have settled: when they look the same in two checks some time apart. Files are written in place, in
/// pieces, or renamed over the old ones.
/// </summary>
/// <param name="time">The time.</param>
/// <param name="longest">How long to wait for files that never settle; without it, forever.</param>
internal sealed class FileDebounce(TimeProvider time, TimeSpan? longest = null)
{
    /// <summary>How long changed files must look the same.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(300);

    /// <summary>The same for files that are gone: many scripts remove first and copy then.</summary>
    public static readonly TimeSpan QuietWhenGone = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, (string Fingerprint, long Since, long Begun)> _unsettled = [];

    /// <summary>Whether anything has changed and not settled yet.</summary>
    public bool Any => _unsettled.Count > 0;

    /// <summary>What has changed and not settled yet.</summary>
    public IEnumerable<string> Unsettled => [.. _unsettled.Keys];

    /// <summary>Whether something has changed since it was handled, and has settled.</summary>
    /// <param name="name">The folder or file that is watched.</param>
    /// <param name="fingerprint">A text that changes with its files.</param>
    /// <param name="handled">The fingerprint that was handled last.</param>
    /// <param name="quiet">How long the files must look the same.</param>
    public bool HasSettled(string name, string fingerprint, string? handled, TimeSpan quiet)
    {
        if (fingerprint == handled)
        {
            _unsettled.Remove(name);
            return false;
        }
        var now = time.GetTimestamp();
        var known = _unsettled.TryGetValue(name, out var seen);
        if (known && time.GetElapsedTime(seen.Begun, now) >= longest)
            return _unsettled.Remove(name);
        if (!known || seen.Fingerprint != fingerprint)
        {
            _unsettled[name] = (fingerprint, now, known ? seen.Begun : now);
            return false;
        }
        return time.GetElapsedTime(seen.Since, now) >= quiet && _unsettled.Remove(name);
    }

    public void Forget(string name) => _unsettled.Remove(name);
}
