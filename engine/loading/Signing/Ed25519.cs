using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Actors.Loading.Signing;

/// <summary>
/// Signatures with Ed25519 (RFC 8032), computed by OpenSSL, which .NET itself uses for hashes. .NET 10 has no Ed25519 of its own.
/// </summary>
internal static unsafe partial class Ed25519
{
    /// <summary>The length of a public key, and of a private one, in bytes.</summary>
    public const int KeyBytes = 32;

    /// <summary>The length of a signature, in bytes.</summary>
    public const int SignatureBytes = 64;

    private const string Library = "libcrypto.so.3";

    // NID_ED25519 in include/openssl/obj_mac.h.
    private const int Kind = 1087;

    /// <summary>The public key that belongs to a private one.</summary>
    public static byte[] PublicKeyOf(ReadOnlySpan<byte> privateKey)
    {
        var key = PrivateKey(privateKey);
        try
        {
            var result = new byte[KeyBytes];
            var length = (nuint)KeyBytes;
            fixed (byte* to = result)
                Check(GetRawPublicKey(key, to, &length));
            return result;
        }
        finally
        {
            FreeKey(key);
        }
    }

    public static byte[] Sign(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> message)
    {
        var (key, context) = (PrivateKey(privateKey), NewContext());
        try
        {
            var signature = new byte[SignatureBytes];
            var length = (nuint)SignatureBytes;
            Check(SignInit(context, 0, 0, 0, key));
            fixed (byte* from = message, to = signature)
                Check(Sign(context, to, &length, from, (nuint)message.Length));
            return signature;
        }
        finally
        {
            FreeContext(context);
            FreeKey(key);
        }
    }

    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (publicKey.Length != KeyBytes || signature.Length != SignatureBytes)
            return false;
        nint key;
        fixed (byte* raw = publicKey)
            key = NewPublicKey(Kind, 0, raw, KeyBytes);
        var context = NewContext();
        try
        {
            if (key == 0)
                return false;
            Check(VerifyInit(context, 0, 0, 0, key));
            fixed (byte* from = message, sent = signature)
                return Verify(context, sent, SignatureBytes, from, (nuint)message.Length) == 1;
        }
        finally
        {
            FreeContext(context);
            FreeKey(key);
        }
    }

    private static nint PrivateKey(ReadOnlySpan<byte> raw)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(raw.Length, KeyBytes);
        fixed (byte* from = raw)
            return NewPrivateKey(Kind, 0, from, KeyBytes) is not 0 and var key ? key : throw new CryptographicException("OpenSSL does not accept the private key");
    }

    private static void Check(int result)
    {
        if (result != 1)
            throw new CryptographicException("OpenSSL could not compute an Ed25519 signature");
    }

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_new_raw_public_key")]
    private static partial nint NewPublicKey(int kind, nint engine, byte* raw, nuint length);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_new_raw_private_key")]
    private static partial nint NewPrivateKey(int kind, nint engine, byte* raw, nuint length);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_get_raw_public_key")]
    private static partial int GetRawPublicKey(nint key, byte* raw, nuint* length);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_free")]
    private static partial void FreeKey(nint key);

    [LibraryImport(Library, EntryPoint = "EVP_MD_CTX_new")]
    private static partial nint NewContext();

    [LibraryImport(Library, EntryPoint = "EVP_MD_CTX_free")]
    private static partial void FreeContext(nint context);

    [LibraryImport(Library, EntryPoint = "EVP_DigestSignInit")]
    private static partial int SignInit(nint context, nint keyContext, nint digest, nint engine, nint key);

    [LibraryImport(Library, EntryPoint = "EVP_DigestSign")]
    private static partial int Sign(nint context, byte* signature, nuint* length, byte* message, nuint messageLength);

    [LibraryImport(Library, EntryPoint = "EVP_DigestVerifyInit")]
    private static partial int VerifyInit(nint context, nint keyContext, nint digest, nint engine, nint key);

    [LibraryImport(Library, EntryPoint = "EVP_DigestVerify")]
    private static partial int Verify(nint context, byte* signature, nuint length, byte* message, nuint messageLength);
}
