using System.Reflection;
using System.Runtime.Loader;
using Actors.Sdk;

namespace Actors.Host.Plugins;

/// <summary>
/// A plugin's own world: its dependencies are its own, whatever versions the host uses; <c>Actors.Sdk</c> alone is shared. Everything
/// is loaded from memory, because overwriting a mapped DLL kills the process.
/// </summary>
internal sealed class PluginLoadContext(string mainDll) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(mainDll), isCollectible: true)
{
    private static readonly Assembly Shared = typeof(IActor).Assembly;

    private readonly AssemblyDependencyResolver _resolver = new(mainDll);

    public Assembly LoadMain() => LoadFromMemory(mainDll);

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (assemblyName.Name == Shared.GetName().Name)
            return Shared;
        return _resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromMemory(path) : null;
    }

    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : 0;

    private Assembly LoadFromMemory(string path)
    {
        using var assembly = new MemoryStream(File.ReadAllBytes(path));
        var symbols = Path.ChangeExtension(path, ".pdb");
        if (!File.Exists(symbols))
            return LoadFromStream(assembly);
        using var pdb = new MemoryStream(File.ReadAllBytes(symbols));
        return LoadFromStream(assembly, pdb);
    }
}
