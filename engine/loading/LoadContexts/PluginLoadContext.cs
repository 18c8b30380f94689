using System.Reflection;
using System.Runtime.Loader;
using Actors.Loading.Compatibility;
using Actors.Loading.Files;
using Actors.Sdk;

namespace Actors.Loading.LoadContexts;

/// <summary>
/// A plugin's own world: its dependencies are its own, whatever versions the host uses; <c>Actors.Sdk</c> alone is shared, even when the
/// plugin brings one. Assemblies are loaded from memory, because overwriting a mapped DLL kills the process.
/// </summary>
internal sealed class PluginLoadContext(PluginImage image, Manifest manifest, string shadow, NativeLibraries libraries)
    : AssemblyLoadContext($"{manifest.Id} {manifest.Version}", isCollectible: true)
{
    private static readonly Assembly Shared = typeof(IActor).Assembly;

    private readonly AssemblyDependencyResolver _resolver = new(Path.Combine(shadow, manifest.MainFile));

    public Assembly LoadMain() => LoadFromMemory(manifest.MainFile);

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (assemblyName.Name == Shared.GetName().Name)
            return Shared;
        if (_resolver.ResolveAssemblyToPath(assemblyName) is { } path)
            return LoadFromMemory(Path.GetRelativePath(shadow, path));
        var beside = assemblyName.Name + ".dll";
        if (image.Find(beside) is not null)
            return LoadFromMemory(beside);
        // What .NET brings is everybody's; what the host happens to have is not.
        return assemblyName.Name!.EndsWith(".resources", StringComparison.Ordinal) || HostCompatibility.ComesWithFramework(assemblyName.Name)
            ? null
            : throw new FileNotFoundException($"'{beside}' is not in the plugin's folder; copy its whole output folder", beside);
    }

    protected override nint LoadUnmanagedDll(string unmanagedDllName)
    {
        var path = _resolver.ResolveUnmanagedDllToPath(unmanagedDllName)
            ?? new[] { unmanagedDllName, $"{unmanagedDllName}.so", $"lib{unmanagedDllName}.so" }
                .Where(name => image.Find(name) is not null).Select(name => Path.Combine(shadow, name)).FirstOrDefault();
        return path is null ? 0 : libraries.Add(LoadUnmanagedDllFromPath(path));
    }

    private Assembly LoadFromMemory(string name)
    {
        using var assembly = new MemoryStream(image.Find(name)!.Content);
        if (image.Find(Path.ChangeExtension(name, ".pdb")) is not { } symbols)
            return LoadFromStream(assembly);
        using var pdb = new MemoryStream(symbols.Content);
        return LoadFromStream(assembly, pdb);
    }
}
