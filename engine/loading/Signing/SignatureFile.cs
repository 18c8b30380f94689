using System.Text;
using System.Text.RegularExpressions;
using Actors.Loading.Files;

namespace Actors.Loading.Signing;

/// <summary>
/// The file with the signature of a plugin: a first line, a line with hash and name for each file of the plugin except this one, ordered
/// by name, a line with the public key, and a line with the signature of everything before that line. Pure.
/// </summary>
internal sealed partial class SignatureFile
{
    public const string FileName = "plugin.sig";

    private const string FirstLine = "actors plugin signature 1";
    private const string KeyMark = "key ", SignatureMark = "signature ";
    private const int MaxBytes = 2 << 20;

    private readonly byte[] _signed;
    private readonly byte[] _signature;

    private SignatureFile(IReadOnlyDictionary<string, string> hashes, PublicKey key, byte[] signed, byte[] signature) =>
        (Hashes, Key, _signed, _signature) = (hashes, key, signed, signature);

    /// <summary>The hash of each file that was signed, by its name.</summary>
    public IReadOnlyDictionary<string, string> Hashes { get; }

    /// <summary>The key that belongs to the one that signed it.</summary>
    public PublicKey Key { get; }

    /// <summary>Whether the signature belongs to the list and the key.</summary>
    public bool IsIntact => Ed25519.Verify(Key.Bytes, _signed, _signature);

    /// <summary>Signs the files of a plugin. Returns the text of the file.</summary>
    /// <exception cref="PluginException">A file's name cannot be listed.</exception>
    public static string Sign(PluginImage image, ReadOnlySpan<byte> privateKey)
    {
        var text = new StringBuilder(FirstLine).Append('\n');
        foreach (var file in image.Files.Where(file => file.Name != FileName))
        {
            if (file.Name.Any(char.IsControl))
                throw new PluginException("a file's name contains a control character, so it cannot be signed");
            text.Append(file.Sha256).Append("  ").Append(file.Name).Append('\n');
        }
        text.Append(KeyMark).Append(KeyText.Of(new PublicKey(Ed25519.PublicKeyOf(privateKey)))).Append('\n');
        var signature = Ed25519.Sign(privateKey, Encoding.UTF8.GetBytes(text.ToString()));
        return text.Append(SignatureMark).Append(Convert.ToBase64String(signature)).Append('\n').ToString();
    }

    /// <summary>Parses the file; <see langword="null"/> if it is damaged.</summary>
    public static SignatureFile? Parse(byte[] content)
    {
        if (content.Length > MaxBytes)
            return null;
        var lines = Encoding.UTF8.GetString(content).Split('\n');
        if (lines is not [FirstLine, .. var files, var keyLine, var signatureLine, ""]
            || !keyLine.StartsWith(KeyMark, StringComparison.Ordinal) || !signatureLine.StartsWith(SignatureMark, StringComparison.Ordinal)
            || KeyText.ParsePublic(keyLine[KeyMark.Length..]).Key is not { } key)
        {
            return null;
        }
        var hashes = new Dictionary<string, string>();
        foreach (var line in files)
        {
            if (!FileLine().IsMatch(line) || !hashes.TryAdd(line[66..], line[..64]))
                return null;
        }
        var signature = new byte[Ed25519.SignatureBytes + 2];
        return Convert.TryFromBase64String(signatureLine[SignatureMark.Length..], signature, out var length) && length == Ed25519.SignatureBytes
            ? new SignatureFile(hashes, key, content[..^(Encoding.UTF8.GetByteCount(signatureLine) + 1)], signature[..length])
            : null;
    }

    [GeneratedRegex(@"^[0-9a-f]{64}  .+\z")]
    private static partial Regex FileLine();
}
