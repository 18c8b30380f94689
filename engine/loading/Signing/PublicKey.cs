using System.Security.Cryptography;

namespace Actors.Loading.Signing;

/// <summary>A public key for Ed25519.</summary>
/// <param name="bytes">Its 32 bytes.</param>
internal sealed class PublicKey(byte[] bytes) : IEquatable<PublicKey>
{
    public ReadOnlySpan<byte> Bytes => bytes;

    /// <summary>A short text that identifies the key: <c>SHA256:</c> and the base64 of the hash of its 32 bytes.</summary>
    public string Fingerprint => $"SHA256:{Convert.ToBase64String(SHA256.HashData(bytes)).TrimEnd('=')}";

    public bool Equals(PublicKey? other) => other is not null && Bytes.SequenceEqual(other.Bytes);

    public override bool Equals(object? obj) => Equals(obj as PublicKey);

    public override int GetHashCode() => BitConverter.ToInt32(bytes);

    public override string ToString() => Fingerprint;
}
