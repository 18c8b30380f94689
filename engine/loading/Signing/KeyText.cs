using System.Security.Cryptography;

namespace Actors.Loading.Signing;

/// <summary>Ed25519 keys as text: PEM, as openssl writes it, or only the base64 inside it. The encodings are those of RFC 8410. Pure.</summary>
internal static class KeyText
{
    private const string PublicLabel = "PUBLIC KEY", PrivateLabel = "PRIVATE KEY", EncryptedLabel = "ENCRYPTED PRIVATE KEY";

    private static readonly byte[] PublicStart = Convert.FromHexString("302a300506032b6570032100");
    private static readonly byte[] PrivateStart = Convert.FromHexString("302e020100300506032b657004220420");

    /// <summary>Parses a public key. Returns the key or what is wrong.</summary>
    public static (PublicKey? Key, string? Error) ParsePublic(string text)
    {
        if (LabelOf(text) is PrivateLabel or EncryptedLabel)
            return (null, "this is a private key; give the public one ('openssl pkey -in KEY -pubout')");
        return Content(text, PublicLabel, PublicStart) is { } key ? (new PublicKey(key), null) : (null, "expected an Ed25519 public key, as 'openssl pkey -in KEY -pubout' writes it");
    }

    /// <summary>Parses a private key. Returns its 32 bytes or what is wrong.</summary>
    public static (byte[]? Key, string? Error) ParsePrivate(string text) => LabelOf(text) switch
    {
        EncryptedLabel => (null, "the key is encrypted; decrypt it ('openssl pkey -in KEY')"),
        PrivateLabel when Content(text, PrivateLabel, PrivateStart) is { } key => (key, null),
        _ => (null, "expected an Ed25519 private key, as 'openssl genpkey -algorithm ed25519' writes it"),
    };

    /// <summary>The base64 of a public key, in one line.</summary>
    public static string Of(PublicKey key) => Convert.ToBase64String([.. PublicStart, .. key.Bytes]);

    private static string? LabelOf(string text) => PemEncoding.TryFind(text, out var fields) ? text[fields.Label] : null;

    private static byte[]? Content(string text, string label, byte[] start)
    {
        var body = text;
        if (PemEncoding.TryFind(text, out var fields))
        {
            if (text[fields.Label] != label)
                return null;
            body = text[fields.Base64Data];
        }
        var content = new byte[body.Length];
        return Convert.TryFromBase64String(body, content, out var length) && length == start.Length + Ed25519.KeyBytes && content.AsSpan().StartsWith(start)
            ? content[start.Length..length]
            : null;
    }
}
