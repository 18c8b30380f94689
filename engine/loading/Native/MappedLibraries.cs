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
    /// <returns>Those that cannot be closed, because they are marked so or have unique symbols of C++.</returns>
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

    // To open it once more returns the handle that the plugin has, which is then released as often as it was opened.
    private static void CloseOne(string path)
    {
        if (!IsMapped(path) || !NativeLibrary.TryLoad(path, out var handle))
            return;
        for (var opened = 0; opened < MaxOpened && IsMapped(path) && TryFree(handle); opened++)
        {
        }
    }

    // False when nothing has it open: what needs it keeps it mapped.
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
