using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Actors.Isolation.Messages;
using Actors.Loading.Compatibility;
using Actors.Loading.Files;
using Actors.Loading.Metrics;
using Actors.Loading.OwnMechanisms;
using Actors.Sdk;

namespace Actors.Loading.LoadContexts;

/// <summary>A plugin's code in memory, and the actors made from it. Everything of the plugin that the host references is referenced here.</summary>
internal sealed class LoadedPlugin : ILoadedPlugin
{
    private readonly PrivateCopy _copy;
    private AssemblyLoadContext? _context;
    private PluginContext? _plugin;
    private IReadOnlyList<IDomainObserver> _observers;

    private LoadedPlugin(PrivateCopy copy, AssemblyLoadContext context, PluginContext plugin, IReadOnlyDictionary<string, IActor> actors)
    {
        (_copy, _context, _plugin, OwnMechanisms) = (copy, context, plugin, plugin.Mechanisms.Names);
        _observers = [.. actors.Values.OfType<IDomainObserver>()];
        Actors = OwnMechanisms.Count == 0 ? actors : actors.ToDictionary(actor => actor.Key, actor => (IActor)new EquippedActor(actor.Value, plugin.Mechanisms));
    }

    public IReadOnlyDictionary<string, IActor> Actors { get; private set; }

    public Task Ready => Task.CompletedTask;

    public IReadOnlyList<PluginMetric> Metrics => KeptMetrics.Of(_plugin?.Table.All ?? []);

    /// <summary>Its metrics, to be sent to the daemon.</summary>
    public MetricTable? MetricTable => _plugin?.Table;

    /// <param name="image">The plugin's files.</param>
    /// <param name="manifest">Its manifest.</param>
    /// <param name="register">Called with its load context before any of its code runs.</param>
    /// <param name="settings">Its settings; <see langword="null"/> for those in its manifest.</param>
    /// <param name="forEveryone">Whether every user may read its copy, because this process becomes another user.</param>
    /// <exception cref="PluginException">The plugin cannot be loaded; the message says why.</exception>
    public static LoadedPlugin Load(PluginImage image, Manifest manifest, Action<AssemblyLoadContext> register, SettingsBody? settings = null, bool forEveryone = false)
    {
        PrivateCopy? copy = null;
        AssemblyLoadContext? context = null;
        try
        {
            copy = PrivateCopy.Of(image, forEveryone);
            context = LoadContext.Build(image, manifest.MainFile, copy.Path);
            register(context);
            copy.LoadNeeded();
            var (plugin, actors) = (new PluginContext(settings ?? manifest.Settings), Create(manifest, LoadContext.Load(context, image, manifest.MainFile)));
            foreach (var part in actors.Values.OfType<IPluginPart>())
                part.Attach(plugin);
            plugin.Mechanisms.Close();
            plugin.CheckUsed();
            return new LoadedPlugin(copy, context, plugin, actors);
        }
        // Its constructors are foreign code, and may throw anything.
        catch (Exception error)
        {
            context?.Unload();
            copy?.Dispose();
            throw new PluginException($"cannot be loaded: {Describe(error)}", error is PluginException ? error : null);
        }
    }

    public Task<IReadOnlyList<string>> ConfigureAsync(SettingsBody? settings) => Task.FromResult(_plugin?.Change(settings) ?? []);

    public bool ObservesDomains => _observers.Count > 0;

    public IReadOnlyList<string> OwnMechanisms { get; }

    public Task EndDomainAsync(DomainIdentity domain, CancellationToken cancellation) => _plugin?.Mechanisms.EndAsync(domain) ?? Task.CompletedTask;

    public Task EndMechanismsAsync() => _plugin?.Mechanisms.EndAllAsync() ?? Task.CompletedTask;

    public async Task NotifyAsync(DomainIdentity domain, bool exists, CancellationToken cancellation)
    {
        foreach (var observer in _observers)
            await (exists ? observer.DomainAppearedAsync(domain, cancellation) : observer.DomainDisappearedAsync(domain, cancellation));
    }

    /// <summary>Drops all references. The result reports later whether the code has left the memory.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public IUnloadedPlugin Unload()
    {
        (Actors, _observers) = (new Dictionary<string, IActor>(), []);
        var unloaded = new UnloadedPlugin(new WeakReference(_context, trackResurrection: true), _copy);
        _context!.Unload();
        (_context, _plugin) = (null, null);
        return unloaded;
    }

    private static Dictionary<string, IActor> Create(Manifest manifest, Assembly assembly)
    {
        var found = assembly.GetTypes()
            .Select(type => (type, name: type.GetCustomAttribute<ActorAttribute>()?.Name))
            .Where(pair => pair.name is not null)
            .ToLookup(pair => pair.name!, pair => pair.type);
        return manifest.Actors.ToDictionary(name => name, name => Make(found[name].Single()));
    }

    // The one place where a plugin's actor is created.
    private static IActor Make(Type type) => Activator.CreateInstance(type, nonPublic: false) as IActor
        ?? throw new PluginException($"{type.FullName} has an [Actor] attribute, but does not implement {nameof(IActor)}");

    private static string Describe(Exception error) => error switch
    {
        PluginException => error.Message,
        PluginSettingsException { Problems: var problems } => $"its settings are wrong: {string.Join("; ", problems)}",
        ReflectionTypeLoadException { LoaderExceptions: [{ } first, ..] } => first.Message,
        TargetInvocationException { InnerException: { } inner } => $"its constructor threw {inner.GetType().Name}: {inner.Message}",
        MissingMethodException => $"{error.Message}; an actor's class needs a public constructor without parameters",
        _ => (error.InnerException ?? error).Message,
    };
}
