using System.Runtime.InteropServices;

namespace Actors.Host;

/// <summary>
/// .NET needs OpenSSL to compute hashes, and ends the process without it. A minimal dom0 may lack it, so the published program ships a
/// copy; where the system has OpenSSL, that one is used.
/// </summary>
internal static class OpenSsl
{
    private static readonly string Shipped = Path.Combine(AppContext.BaseDirectory, "openssl");

    public static void Ensure()
    {
        if (!Directory.Exists(Shipped) || NativeLibrary.TryLoad("libssl.so.3", out _))
            return;
        // Once a library is loaded under its soname, .NET finds it under that name.
        foreach (var library in new[] { "libcrypto.so.3", "libssl.so.3" })
            NativeLibrary.Load(Path.Combine(Shipped, library));
    }
}
