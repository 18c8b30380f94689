using Actors.Dispatch.Files;
using Actors.Loading.Compatibility;
using Actors.Loading.Files;

namespace Actors.Loading.Reload;

/// <summary>The folders below the folder of plugins, and which of them have changed and settled.</summary>
internal sealed class PluginFolders(string root, PluginSlots slots, TimeProvider time)
{
    private readonly FileDebounce _debounce = new(time);

    /// <summary>The folders that there are now.</summary>
    public IEnumerable<string> All => Directory.Exists(root)
        ? Directory.EnumerateDirectories(root).Where(folder => Path.GetFileName(folder)[0] != '.').Order(StringComparer.Ordinal)
        : [];

    /// <summary>Whether a folder has changed and not settled yet.</summary>
    public bool AnyUnsettled => _debounce.Any;

    /// <summary>Returns the folders that have changed and settled.</summary>
    public IReadOnlyList<string> TakeSettled()
    {
        var settled = new List<string>();
        foreach (var folder in All.Concat(slots.Folders).Concat(_debounce.Unsettled).Distinct().Order(StringComparer.Ordinal).ToList())
        {
            var (listing, slot) = (PluginListing.Of(folder), slots.TryGet(folder));
            var quiet = slot?.Current is { } serving && Candidate.IsRemoved(listing, serving.Manifest) ? FileDebounce.QuietWhenGone : FileDebounce.Quiet;
            if (listing is null && slot is null)
                _debounce.Forget(folder);
            else if (_debounce.HasSettled(folder, Candidate.FingerprintOf(listing, root), slot?.Found?.Fingerprint, quiet))
                settled.Add(folder);
        }
        return settled;
    }
}
