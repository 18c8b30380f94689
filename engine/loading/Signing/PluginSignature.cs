using Actors.Loading.Files;

namespace Actors.Loading.Signing;

/// <summary>What the signature of a plugin proves.</summary>
internal enum SignatureState
{
    Unsigned,

    /// <summary>All files are as someone signed them whose key the operator trusts.</summary>
    Signed,

    /// <summary>All files are as someone signed them whose key is not known.</summary>
    UnknownKey,

    /// <summary>The files are not as they were signed.</summary>
    Tampered,
}

/// <summary>The signature of a plugin, checked from its files in memory: what is checked is what is loaded. Pure.</summary>
/// <param name="State">What it proves.</param>
/// <param name="Signer">The operator's name of the key, or the key's fingerprint; empty if nobody is known to have signed.</param>
/// <param name="Problems">What is wrong with the files or the signature.</param>
internal sealed record PluginSignature(SignatureState State, string Signer, IReadOnlyList<string> Problems)
{
    private const string Fix = "get the plugin again from its source, or sign it again";

    public static PluginSignature None { get; } = new(SignatureState.Unsigned, "", []);

    /// <summary>The state in a few words: <c>signed by acme</c>.</summary>
    public string Text => State switch
    {
        SignatureState.Unsigned => "unsigned",
        SignatureState.Signed => $"signed by {Signer}",
        SignatureState.UnknownKey => $"signed by an unknown key, {Signer}",
        _ => "tampered",
    };

    public static PluginSignature Of(PluginImage image, TrustPolicy trust)
    {
        if (image.Find(SignatureFile.FileName) is not { } file)
            return None;
        if (SignatureFile.Parse(file.Content) is not { } signature)
            return Tampered($"'{SignatureFile.FileName}' is damaged; {Fix}");
        if (!signature.IsIntact)
            return Tampered($"the signature in '{SignatureFile.FileName}' does not belong to its list of files; {Fix}");
        var differences = Differences(image, signature).ToList();
        if (differences.Count > 0)
            return new PluginSignature(SignatureState.Tampered, "", differences);
        return trust.NameOf(signature.Key) is { } name
            ? new PluginSignature(SignatureState.Signed, name, [])
            : new PluginSignature(SignatureState.UnknownKey, signature.Key.Fingerprint, []);
    }

    /// <summary>Why the daemon does not serve the plugin; empty if its signature is no reason.</summary>
    /// <param name="trust">Whose plugins the operator trusts.</param>
    /// <param name="ships">Whether the plugin ships with Actors.</param>
    public IReadOnlyList<string> Refusals(TrustPolicy trust, bool ships) => State switch
    {
        SignatureState.Tampered => Problems,
        SignatureState.Unsigned when trust.Required && !ships =>
            ["it is not signed, and actors.yaml requires a signature ('trust'); 'actors plugin sign' makes one"],
        SignatureState.UnknownKey when trust.Required && !ships =>
            [$"it is signed with the key {Signer}, which 'trust' in actors.yaml does not name"],
        _ => [],
    };

    private static IEnumerable<string> Differences(PluginImage image, SignatureFile signature)
    {
        foreach (var (name, hash) in signature.Hashes.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            if (image.Find(name) is not { } file)
                yield return $"'{name}' was signed and is missing; {Fix}";
            else if (file.Sha256 != hash)
                yield return $"'{name}' was changed after it was signed; {Fix}";
        }
        foreach (var file in image.Files.Where(file => file.Name != SignatureFile.FileName && !signature.Hashes.ContainsKey(file.Name)))
            yield return $"'{file.Name}' was added after the plugin was signed; remove it, or sign the plugin again";
    }

    private static PluginSignature Tampered(string problem) => new(SignatureState.Tampered, "", [problem]);
}
