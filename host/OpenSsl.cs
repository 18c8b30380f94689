using System.Runtime.InteropServices;

namespace Actors.Host;

/// <summary>
/// .NET hashes by OpenSSL, and ends the process where there is none. A dom0 may be as bare as that, so the published program brings one
/// along; the system's own is taken where it has one.
/// </summary>
internal static class OpenSsl
{
    private static readonly string Brought = Path.Combine(AppContext.BaseDirectory, "openssl");

    public static void Ensure()
    {
        if (!Directory.Exists(Brought) || NativeLibrary.TryLoad("libssl.so.3", out _))
            return;
        // Loaded once under its own name, it is what .NET finds under that name.
        foreach (var library in new[] { "libcrypto.so.3", "libssl.so.3" })
            NativeLibrary.Load(Path.Combine(Brought, library));
    }
}
