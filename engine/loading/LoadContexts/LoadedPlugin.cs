using System.Reflection;
using System.Runtime.CompilerServices;
using Actors.Loading.Compatibility;
using Actors.Loading.Files;
using Actors.Sdk;

namespace Actors.Loading.LoadContexts;

/// <summary>A plugin's code in memory, and the actors made of it. Everything of the plugin that the host holds is held here.</summary>
internal sealed class LoadedPlugin
{
    private readonly PrivateCopy _shadow;
    private readonly NativeLibraries _libraries;
    private PluginLoadContext? _context;

    private LoadedPlugin(PrivateCopy shadow, NativeLibraries libraries, PluginLoadContext context, IReadOnlyDictionary<string, IActor> actors) =>
        (_shadow, _libraries, _context, Actors) = (shadow, libraries, context, actors);

    /// <summary>By name; empty once it is unloaded.</summary>
    public IReadOnlyDictionary<string, IActor> Actors { get; private set; }

    /// <param name="image">The plugin's files.</param>
    /// <param name="manifest">Its manifest.</param>
    /// <param name="own">Told of its world before any of its code runs.</param>
    /// <exception cref="PluginException">It cannot be loaded; the message says why.</exception>
    public static LoadedPlugin Load(PluginImage image, Manifest manifest, Action<PluginLoadContext> own)
    {
        var shadow = PrivateCopy.Of(image);
        var libraries = new NativeLibraries();
        PluginLoadContext? context = null;
        try
        {
            context = new PluginLoadContext(image, manifest, shadow.Path, libraries);
            own(context);
            return new LoadedPlugin(shadow, libraries, context, Create(manifest, context.LoadMain()));
        }
        // Its constructors are foreign code, and may throw anything.
        catch (Exception error)
        {
            context?.Unload();
            shadow.Dispose();
            throw new PluginException($"cannot be loaded: {Describe(error)}", error is PluginException ? error : null);
        }
    }

    /// <summary>Lets go of everything; the answer tells, later, whether it is gone from memory.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public UnloadedPlugin Unload()
    {
        Actors = new Dictionary<string, IActor>();
        var unloaded = new UnloadedPlugin(new WeakReference(_context, trackResurrection: true), _libraries);
        _context!.Unload();
        _context = null;
        _shadow.Dispose();
        return unloaded;
    }

    private static Dictionary<string, IActor> Create(Manifest manifest, Assembly assembly)
    {
        var found = assembly.GetTypes()
            .Where(type => typeof(IActor).IsAssignableFrom(type) && !type.IsAbstract)
            .Select(type => (type, name: type.GetCustomAttribute<ActorAttribute>()?.Name))
            .Where(pair => pair.name is not null)
            .ToLookup(pair => pair.name!, pair => pair.type);
        var missing = manifest.Actors.Where(name => !found.Contains(name)).ToList();
        if (missing.Count > 0)
        {
            throw new PluginException($"the manifest names the actor '{string.Join("', '", missing)}', and no class carries [Actor(\"{missing[0]}\")]; "
                + $"found: {(found.Count == 0 ? "none" : string.Join(", ", found.Select(group => group.Key).Order(StringComparer.Ordinal)))}");
        }
        if (manifest.Actors.FirstOrDefault(name => found[name].Count() > 1) is { } twice)
            throw new PluginException($"two classes carry [Actor(\"{twice}\")]: {string.Join(", ", found[twice].Select(type => type.FullName))}");
        return manifest.Actors.ToDictionary(name => name, name => Make(found[name].Single()));
    }

    // The one place where a plugin's actor comes to life.
    private static IActor Make(Type type) => (IActor)Activator.CreateInstance(type, nonPublic: false)!;

    private static string Describe(Exception error) => error switch
    {
        PluginException => error.Message,
        ReflectionTypeLoadException { LoaderExceptions: [{ } first, ..] } => first.Message,
        TargetInvocationException { InnerException: { } inner } => $"its constructor threw {inner.GetType().Name}: {inner.Message}",
        MissingMethodException => $"{error.Message}; an actor's class has a public constructor without parameters",
        _ => (error.InnerException ?? error).Message,
    };
}

/// <summary>What is left of a plugin that was unloaded.</summary>
internal sealed record UnloadedPlugin(WeakReference Code, NativeLibraries Libraries)
{
    public bool IsGone => !Code.IsAlive;
}
