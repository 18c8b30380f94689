using System.Text.Json.Serialization;
using Actors.Loading;
using Actors.Loading.Compatibility;
using Actors.Loading.Containment;
using Actors.Loading.Files;
using Actors.Loading.Signing;

namespace Actors.Host.Daemon;

/// <summary>The result of <c>plugin validate</c> for one folder.</summary>
internal sealed record PluginValidation(string Folder, string? Id, string? Version, string Verdict, bool Fits, IReadOnlyList<string> Problems)
{
    public static PluginValidation Of(Candidate candidate) => new(
        candidate.Folder, candidate.Manifest?.Id, candidate.Manifest?.Version.ToString(), candidate.Verdict.Word, candidate.Verdict.Fits, candidate.Verdict.Problems);
}

/// <summary>The result of <c>plugin inspect</c>.</summary>
internal sealed record PluginInspection(
    string Folder, string? Id, string? Version, string? Contract, IReadOnlyList<string> Actors, IReadOnlyList<string> Needs, string Author,
    string Verdict, IReadOnlyList<string> Problems, IReadOnlyList<InspectedReference> References, IReadOnlyList<InspectedFile> Files)
{
    /// <summary>What its signature proves.</summary>
    public string Signature { get; init; } = "";

    /// <summary>What its manifest requests.</summary>
    public IReadOnlyList<string> Requests { get; init; } = [];

    /// <summary>The plugin's state in the daemon; absent for a folder.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PluginStatus? Status { get; init; }

    public static PluginInspection Of(Candidate candidate)
    {
        var main = candidate.Manifest is { } manifest ? candidate.Image?.Find(manifest.MainFile) : null;
        return new PluginInspection(
            candidate.Folder, candidate.Manifest?.Id, candidate.Manifest?.Version.ToString(), candidate.Manifest?.Contract.ToString(),
            candidate.Manifest?.Actors ?? [], candidate.Manifest?.Needs ?? [], candidate.Manifest?.Author ?? "",
            candidate.Verdict.Word, candidate.Verdict.Problems,
            main is null ? [] : [.. PortableFile.Read(main.Content).Needs.Select(need => new InspectedReference(need.Name, need.Version.ToString()))],
            [.. candidate.Image?.Files.Select(file => new InspectedFile(file.Name, file.Content.Length, file.Sha256)) ?? []])
        {
            Signature = candidate.SignedBy,
            Requests = candidate.Manifest is { } requests ? [.. RequestsOf(requests)] : [],
        };
    }

    private static IEnumerable<string> RequestsOf(Manifest manifest)
    {
        if (manifest.OwnProcess)
            yield return "a process of its own";
        if (manifest.Memory is { } memory)
            yield return $"{memory} of memory";
        foreach (var permission in PluginPermissions.Of(manifest, PluginGrant.None).All.Where(permission => permission.Requested))
            yield return permission.Name;
    }
}

/// <summary>The result of <c>plugin sign</c> and <c>plugin verify</c>.</summary>
/// <param name="Folder">The folder of the plugin.</param>
/// <param name="Signature">What its signature proves, in a few words.</param>
/// <param name="State"><c>unsigned</c>, <c>signed</c>, <c>unknown-key</c> or <c>tampered</c>.</param>
/// <param name="Signer">The name of the key or its fingerprint.</param>
/// <param name="Problems">What is wrong.</param>
internal sealed record PluginSignatureLine(string Folder, string Signature, string State, string Signer, IReadOnlyList<string> Problems)
{
    public static PluginSignatureLine Of(string folder, PluginSignature signature) => new(folder, signature.Text, signature.State switch
    {
        SignatureState.Unsigned => "unsigned",
        SignatureState.Signed => "signed",
        SignatureState.UnknownKey => "unknown-key",
        _ => "tampered",
    }, signature.Signer, signature.Problems);
}

internal sealed record InspectedReference(string Name, string Version);

internal sealed record InspectedFile(string Name, long Bytes, string Sha256);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(IReadOnlyList<PluginStatus>))]
[JsonSerializable(typeof(IReadOnlyList<PluginValidation>))]
[JsonSerializable(typeof(PluginInspection))]
[JsonSerializable(typeof(PluginSignatureLine))]
internal sealed partial class PluginJson : JsonSerializerContext;
