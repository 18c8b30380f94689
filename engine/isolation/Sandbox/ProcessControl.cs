using System.Runtime.InteropServices;

namespace Actors.Isolation.Sandbox;

/// <summary>prctl(2) for this process.</summary>
internal static partial class ProcessControl
{
    public const int KillOnParentDeath = 1, Dumpable = 4, NoNewPrivileges = 38;

    /// <returns>0, or -1 with the error of the last call set.</returns>
    public static int Set(int option, nuint value) => Control(option, value, 0, 0, 0);

    // Some options reject a call whose unused arguments are not 0.
    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int Control(int option, nuint second, nuint third, nuint fourth, nuint fifth);
}
