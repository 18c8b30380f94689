using Actors.Dispatch.Files;
using Actors.Loading.Files;
using Actors.Loading.Signing;

namespace Actors.Loading.Compatibility;

/// <summary>The content of a plugin's folder and whether it fits this host. Nothing of it is loaded.</summary>
internal sealed record Candidate(string Folder, string Fingerprint, PluginImage? Image, Manifest? Manifest, Verdict Verdict)
{
    /// <summary>Whether the plugin ships with Actors.</summary>
    public bool IsShipped { get; } = Ships(Image, Manifest);

    /// <summary>What its signature proves.</summary>
    public PluginSignature Signature { get; private init; } = PluginSignature.None;

    /// <summary>What its signature proves, in a few words.</summary>
    public string SignedBy => IsShipped && Signature.State == SignatureState.Unsigned ? "ships with Actors" : Signature.Text;

    /// <summary>Reads and checks a folder. Both <c>plugin validate</c> and the daemon decide with it.</summary>
    /// <param name="folder">The plugin's folder.</param>
    /// <param name="root">The folder of all plugins, whose permissions are checked as well; <see langword="null"/> to check only the one.</param>
    /// <param name="trust">Whose plugins the operator trusts; <see langword="null"/> if that is not known.</param>
    public static Candidate Read(string folder, string? root = null, TrustPolicy? trust = null)
    {
        if (PluginListing.Of(folder) is not { } listing)
            return new Candidate(folder, FingerprintOf(null, root), null, null, Verdict.Of(Fit.NotAPlugin, "there is no such folder"));
        var open = PermissionProblems(listing, root);
        try
        {
            var image = PluginImage.Read(listing);
            var (manifest, verdict) = Judge.Try(image, HostCompatibility.Here);
            var known = trust ?? TrustPolicy.None;
            var signature = PluginSignature.Of(image, known);
            IReadOnlyList<string> refusals = [.. open, .. signature.Refusals(known, Ships(image, manifest))];
            return new Candidate(folder, FingerprintOf(image.Listing, root), image, manifest, verdict.After(Fit.NotTrusted, refusals)) { Signature = signature };
        }
        catch (PluginException error)
        {
            return new Candidate(folder, FingerprintOf(listing, root), null, null, Verdict.Of(Fit.NotAPlugin, error.Message).After(Fit.NotTrusted, open));
        }
    }

    /// <summary>Returns the candidate if it fits.</summary>
    /// <exception cref="PluginException">It does not; the message has every problem.</exception>
    public Candidate Fitting() => Verdict.Fits
        ? this
        : throw new PluginException(string.Join('\n', Verdict.Problems.Select(problem => $"{Folder}: {Verdict.Word}: {problem}")));

    /// <summary>A text that changes when the folder's contents change, or who may write to it.</summary>
    public static string FingerprintOf(PluginListing? listing, string? root) => listing is null
        ? ""
        : $"{(root is not null && FileStat.Of(root) is { } stat ? (stat.Owner, stat.Group, stat.Mode) : default)}\n{listing.Fingerprint}";

    /// <summary>Whether the plugin was removed: the folder, its manifest or its DLL is gone.</summary>
    public static bool IsRemoved(PluginListing? listing, Manifest serving) =>
        listing is null || !listing.Has(Manifest.FileName) || !listing.Has(serving.MainFile);

    private static bool Ships(PluginImage? image, Manifest? manifest) => manifest is not null && image?.Find(manifest.MainFile) is { } main
        && ShippedMark.IsIn(main.Content) && ShippedFiles.Here?.Contains(manifest.Id, image) != false;

    private static List<string> PermissionProblems(PluginListing listing, string? root)
    {
        var user = FileStat.CurrentUser();
        var problems = Permissions.Problems(listing.Folder, listing.Files, user).ToList();
        if (root is not null && FileStat.Of(root) is { } stat)
            problems.AddRange(Permissions.Problems(root, [new ListedFile("", stat)], user));
        return problems;
    }
}
