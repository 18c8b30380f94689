using System.Reflection;
using System.Runtime.Loader;
using Actors.Loading.Files;
using Actors.Loading.Native;
using Actors.Sdk;
using McMaster.NETCore.Plugins.Loader;
using NativeAsset = McMaster.NETCore.Plugins.LibraryModel.NativeLibrary;

namespace Actors.Loading.LoadContexts;

/// <summary>
/// Makes the load context of one version of a plugin. Its dependencies are its own, whatever versions the host uses; only <c>Actors.Sdk</c>
/// is shared, even when the plugin ships one. Assemblies are loaded from memory, because overwriting a mapped DLL kills the process.
/// </summary>
internal static class LoadContext
{
    public static AssemblyLoadContext Build(PluginImage image, string mainFile, string folder)
    {
        var sdk = typeof(IActor).Assembly;
        var builder = new AssemblyLoadContextBuilder()
            .SetMainAssemblyPath(Path.Combine(folder, mainFile))
            .SetDefaultContext(AssemblyLoadContext.GetLoadContext(sdk)!)
            // Before anything is shared: otherwise the builder loads whatever the shared assembly references.
            .IsLazyLoaded(true)
            .PreferDefaultLoadContextAssembly(sdk.GetName())
            .EnableUnloading()
            .PreloadAssembliesIntoMemory();
        // The builder finds what deps.json lists. A library that was put next to the DLL by hand would otherwise be searched in the system.
        foreach (var library in NativeFile.In(image.Files).Where(library => library.Folder.Length == 0).DistinctBy(library => Path.GetFileNameWithoutExtension(library.File.Name)))
            builder.AddNativeLibrary(NativeAsset.CreateFromPackage("plugin", "0", library.File.Name));
        return builder.Build();
    }

    /// <summary>Loads an assembly of a plugin, whatever name it has inside.</summary>
    public static Assembly Load(AssemblyLoadContext context, PluginImage image, string file)
    {
        using var assembly = new MemoryStream(image.Find(file)!.Content);
        if (image.Find(Path.ChangeExtension(file, ".pdb")) is not { } symbols)
            return context.LoadFromStream(assembly);
        using var pdb = new MemoryStream(symbols.Content);
        return context.LoadFromStream(assembly, pdb);
    }
}
