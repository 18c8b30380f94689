using System.Runtime.InteropServices;

namespace Actors.Loading.Native;

/// <summary>The native libraries that this process has mapped. .NET unloads a plugin's code but leaves these.</summary>
internal static class MappedLibraries
{
    private const int MaxOpened = 1000;

    /// <summary>The files below a folder that are mapped.</summary>
    public static IReadOnlyList<string> In(string folder) => [.. File.ReadLines("/proc/self/maps")
        .Select(line => line.IndexOf('/', StringComparison.Ordinal) is var at and >= 0 ? line[at..] : "")
        .Where(path => path.StartsWith(folder + "/", StringComparison.Ordinal)).Distinct()];

    /// <summary>Closes all libraries below a folder. Call it only when no code is left that could call them.</summary>
    /// <returns>The libraries that cannot be closed: those linked with <c>-z nodelete</c>, and those with unique C++ symbols.</returns>
    public static IReadOnlyList<string> Close(string folder)
    {
        var mapped = In(folder);
        // A library that another one needs is closed with that one, or in the next round.
        for (var before = int.MaxValue; mapped.Count > 0 && mapped.Count < before;)
        {
            before = mapped.Count;
            foreach (var path in mapped)
                CloseOne(path);
            mapped = In(folder);
        }
        return mapped;
    }

    // Opening it again returns the plugin's own handle, which is then closed as often as it was opened.
    private static void CloseOne(string path)
    {
        if (!IsMapped(path) || !NativeLibrary.TryLoad(path, out var handle))
            return;
        for (var opened = 0; opened < MaxOpened && IsMapped(path) && TryFree(handle); opened++)
        {
        }
    }

    // False if nothing has it open: then the library that needs it keeps it mapped.
    private static bool TryFree(nint handle)
    {
        try
        {
            NativeLibrary.Free(handle);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static bool IsMapped(string path) => In(path[..path.LastIndexOf('/')]).Contains(path);
}
