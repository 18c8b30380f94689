using System.Reflection;
using Actors.Host.Plugins.Containment;
using Actors.Sdk;
using Actors.Yaml;

namespace Actors.Host.Plugins;

/// <summary>A loaded plugin and its actors.</summary>
internal sealed class Plugin : IAsyncDisposable
{
    private readonly PluginLoadContext _context;
    private readonly ContainedPlugin _contained;

    private Plugin(Manifest manifest, PluginLoadContext context, ContainedPlugin contained, IReadOnlyDictionary<string, IActor> actors) =>
        (Manifest, _context, _contained, Actors) = (manifest, context, contained, actors);

    public Manifest Manifest { get; }

    public PluginHealth Health => _contained.Health;

    public IReadOnlyDictionary<string, IActor> Actors { get; }

    /// <summary>Loads the plugin in a folder.</summary>
    /// <exception cref="PluginException">It cannot be loaded; the message says why and what to do.</exception>
    public static Plugin Load(string folder, PluginContainment containment)
    {
        var manifest = ReadManifest(folder);
        var dll = Path.Combine(Path.GetFullPath(folder), manifest.Id + ".dll");
        if (!File.Exists(dll))
            throw new PluginException($"{folder}: '{manifest.Id}.dll' is missing; copy the plugin's whole output folder");
        if (Verdict.Against(manifest, Contract.Version) is { } refusal)
            throw new PluginException($"{folder}: {refusal}");
        var context = new PluginLoadContext(dll);
        var contained = containment.Take(manifest.Id);
        contained.Own(context);
        try
        {
            var actors = Create(manifest, context.LoadMain()).ToDictionary(actor => actor.Key, actor => contained.Contain(actor.Value));
            return new Plugin(manifest, context, contained, actors);
        }
        catch (Exception error) when (error is BadImageFormatException or FileLoadException or FileNotFoundException
            or TypeLoadException or MissingMethodException or ReflectionTypeLoadException or TargetInvocationException)
        {
            contained.Dispose();
            context.Unload();
            throw new PluginException($"{folder}: cannot be loaded: {(error.InnerException ?? error).Message}", error);
        }
        catch (PluginException error)
        {
            contained.Dispose();
            context.Unload();
            throw new PluginException($"{folder}: {error.Message}", error);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var actor in Actors.Values)
            await actor.DisposeAsync();
        _contained.Dispose();
        _context.Unload();
    }

    private static Manifest ReadManifest(string folder)
    {
        var file = Path.Combine(folder, Manifest.FileName);
        if (!File.Exists(file))
            throw new PluginException($"{folder}: there is no {Manifest.FileName}, so this is not a plugin; remove the folder or complete it");
        var problems = new YamlProblems(file);
        var manifest = Manifest.Parse(File.ReadAllText(file), problems);
        return manifest ?? throw new PluginException(string.Join('\n', problems.InOrder));
    }

    private static Dictionary<string, IActor> Create(Manifest manifest, Assembly assembly)
    {
        var found = assembly.GetTypes()
            .Where(type => typeof(IActor).IsAssignableFrom(type) && !type.IsAbstract)
            .Select(type => (type, name: type.GetCustomAttribute<ActorAttribute>()?.Name))
            .Where(pair => pair.name is not null)
            .ToDictionary(pair => pair.name!, pair => pair.type);
        var missing = manifest.Actors.Where(name => !found.ContainsKey(name)).ToList();
        if (missing.Count > 0)
        {
            throw new PluginException($"the manifest names the actor '{string.Join("', '", missing)}', and no class carries [Actor(\"{missing[0]}\")]; "
                + $"found: {(found.Count == 0 ? "none" : string.Join(", ", found.Keys.Order(StringComparer.Ordinal)))}");
        }
        return manifest.Actors.ToDictionary(name => name, name => (IActor)Activator.CreateInstance(found[name])!);
    }
}

/// <summary>A plugin cannot be loaded; the message says which, why, and what to do.</summary>
internal sealed class PluginException(string message, Exception? inner = null) : Exception(message, inner);
