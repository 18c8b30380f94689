using Actors.Dispatch.Files;
using Actors.Loading.Files;

namespace Actors.Loading.Compatibility;

/// <summary>The content of a plugin's folder and whether it fits this host. Nothing of it is loaded.</summary>
internal sealed record Candidate(string Folder, string Fingerprint, PluginImage? Image, Manifest? Manifest, Verdict Verdict)
{
    /// <summary>Whether the plugin ships with Actors.</summary>
    public bool IsShipped { get; } = Manifest is not null && Image?.Find(Manifest.MainFile) is { } main && ShippedMark.IsIn(main.Content);

    /// <summary>Reads and checks a folder. Both <c>plugin validate</c> and the daemon decide with it.</summary>
    /// <param name="folder">The plugin's folder.</param>
    /// <param name="root">The folder of all plugins, whose permissions are checked as well; <see langword="null"/> to check only the one.</param>
    public static Candidate Read(string folder, string? root = null)
    {
        if (PluginListing.Of(folder) is not { } listing)
            return new Candidate(folder, FingerprintOf(null, root), null, null, Verdict.Of(Fit.NotAPlugin, "there is no such folder"));
        var open = PermissionProblems(listing, root);
        try
        {
            var image = PluginImage.Read(listing);
            var (manifest, verdict) = Judge.Try(image, HostCompatibility.Here);
            return new Candidate(folder, FingerprintOf(image.Listing, root), image, manifest, verdict.After(Fit.NotTrusted, open));
        }
        catch (PluginException error)
        {
            return new Candidate(folder, FingerprintOf(listing, root), null, null, Verdict.Of(Fit.NotAPlugin, error.Message).After(Fit.NotTrusted, open));
        }
    }

    /// <summary>A text that changes when the folder's contents change, or who may write to it.</summary>
    public static string FingerprintOf(PluginListing? listing, string? root) => listing is null
        ? ""
        : $"{(root is not null && FileStat.Of(root) is { } stat ? (stat.Owner, stat.Group, stat.Mode) : default)}\n{listing.Fingerprint}";

    /// <summary>Whether the plugin was removed: the folder, its manifest or its DLL is gone.</summary>
    public static bool IsRemoved(PluginListing? listing, Manifest serving) =>
        listing is null || !listing.Has(Manifest.FileName) || !listing.Has(serving.MainFile);

    private static List<string> PermissionProblems(PluginListing listing, string? root)
    {
        var user = FileStat.CurrentUser();
        var problems = Permissions.Problems(listing.Folder, listing.Files, user).ToList();
        if (root is not null && FileStat.Of(root) is { } stat)
            problems.AddRange(Permissions.Problems(root, [new ListedFile("", stat)], user));
        return problems;
    }
}
