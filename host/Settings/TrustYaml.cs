using System.Text;
using Actors.Dispatch.Files;
using Actors.Loading.Signing;
using Actors.Yaml;

namespace Actors.Host.Settings;

/// <summary>Reads whose plugins the operator trusts: a name for each public key, and whether a signature is required.</summary>
internal static class TrustYaml
{
    public const string Key = "trust";

    private const int MaxKeyBytes = 64 << 10;

    /// <summary>Returns what the file says; <see langword="null"/> if it has no such key.</summary>
    /// <param name="reader">The keys of the file.</param>
    /// <param name="folder">The folder of the file, to which the paths of keys are relative.</param>
    public static TrustPolicy? Read(YamlReader reader, string folder)
    {
        if (reader.Group(Key) is not { } group)
            return null;
        var required = group.Flag("required") ?? false;
        var named = group.Group("keys");
        var keys = named is null ? [] : KeysOf(named, folder);
        group.Finish();
        if (required && named?.Keys.Any() != true)
            group.Problem(group.At, "'required' needs 'keys': a name for each public key, such as { acme: acme.pub }");
        return new TrustPolicy(keys, required);
    }

    /// <summary>Reads a public key from a file. Returns the key or what is wrong.</summary>
    public static (PublicKey? Key, string? Error) ReadKey(string path)
    {
        if (!File.Exists(path))
            return (null, $"there is no file '{path}'");
        if ((RegularFile.ProblemBehindLinks(path) ?? FileTrust.Refusal(path)) is { } refusal)
            return (null, refusal);
        try
        {
            return new FileInfo(path).Length > MaxKeyBytes ? (null, "the file is too large for a key") : KeyText.ParsePublic(File.ReadAllText(path, Encoding.UTF8));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return (null, $"cannot be read: {error.Message}");
        }
    }

    private static List<TrustedKey> KeysOf(YamlReader reader, string folder)
    {
        var keys = new List<TrustedKey>();
        foreach (var name in reader.Keys.ToList())
        {
            if (reader.Parsed<PublicKey>(name, "a file with a public key, or the key in base64", text => KeyOf(text, folder)) is not { } parsed)
                continue;
            if (keys.Find(other => other.Key.Equals(parsed.Value)) is { } twice)
                reader.Problem(parsed.At, $"'{name}' is the same key as '{twice.Name}'");
            keys.Add(new TrustedKey(name, parsed.Value));
        }
        return keys;
    }

    private static (PublicKey, string?) KeyOf(string text, string folder)
    {
        if (KeyText.ParsePublic(text).Key is { } here)
            return (here, null);
        var (key, error) = ReadKey(Path.GetFullPath(text, folder));
        return (key!, error);
    }
}
