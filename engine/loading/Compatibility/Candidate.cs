using Actors.Dispatch.Files;
using Actors.Loading.Files;

namespace Actors.Loading.Compatibility;

/// <summary>What lies in a folder, read and judged; nothing of it is loaded.</summary>
internal sealed record Candidate(string Folder, string Fingerprint, PluginImage? Image, Manifest? Manifest, Verdict Verdict)
{
    /// <summary>Reads and judges a folder.</summary>
    /// <param name="folder">The plugin's folder.</param>
    /// <param name="root">The folder of all plugins, which must be guarded as well; <see langword="null"/> to judge the one alone.</param>
    public static Candidate Read(string folder, string? root = null)
    {
        if (PluginListing.Of(folder) is not { } listing)
            return new Candidate(folder, FingerprintOf(null, root), null, null, Verdict.Of(Fit.NotAPlugin, "there is no such folder"));
        if (GuardProblems(listing, root) is { Count: > 0 } open)
            return new Candidate(folder, FingerprintOf(listing, root), null, null, new Verdict(Fit.NotTrusted, open));
        try
        {
            var image = PluginImage.Read(listing);
            var (manifest, verdict) = Judge.Try(image, HostCompatibility.Here);
            return new Candidate(folder, FingerprintOf(image.Listing, root), image, manifest, verdict);
        }
        catch (PluginException error)
        {
            return new Candidate(folder, FingerprintOf(listing, root), null, null, Verdict.Of(Fit.NotAPlugin, error.Message));
        }
    }

    /// <summary>Another one when the folder's contents changed, or who may write it.</summary>
    public static string FingerprintOf(PluginListing? listing, string? root) => listing is null
        ? ""
        : $"{(root is not null && FileStat.Of(root) is { } stat ? (stat.Owner, stat.Group, stat.Mode) : default)}\n{listing.Fingerprint}";

    /// <summary>Whether a folder says that what served from it should go: what makes it a plugin was removed.</summary>
    public static bool IsTakenAway(PluginListing? listing, Manifest serving) =>
        listing is null || !listing.Has(Manifest.FileName) || !listing.Has(serving.MainFile);

    private static List<string> GuardProblems(PluginListing listing, string? root)
    {
        var user = FileStat.CurrentUser();
        var problems = Permissions.Problems(listing.Folder, listing.Files, user).ToList();
        if (root is not null && FileStat.Of(root) is { } stat)
            problems.AddRange(Permissions.Problems(root, [new ListedFile("", stat)], user));
        return problems;
    }
}
