namespace Actors.Sdk.Testing;

/// <summary>What a host offers to a plugin, for tests. Attach an actor to it: <c>actor.Attach(new FakePluginContext { Settings = new CompressSettings() })</c>.</summary>
public sealed class FakePluginContext : IPluginContext
{
    private readonly List<Action<object>> _uses = [];
    private readonly Dictionary<Type, Func<DomainIdentity, object>> _mechanisms = [];
    private object? _settings;

    /// <summary>
    /// The settings that the plugin receives. Set it again to reload them. Without any, the plugin receives an object that its class creates
    /// without parameters, as if the files had no settings.
    /// </summary>
    public object? Settings
    {
        get => _settings;
        set
        {
            _settings = value;
            if (value is not null)
                _uses.ToList().ForEach(use => use(value));
        }
    }

    /// <summary>The metrics of the plugin.</summary>
    public FakePluginMetrics Metrics { get; } = new();

    IPluginMetrics IPluginContext.Metrics => Metrics;

    /// <inheritdoc/>
    /// <exception cref="PluginSettingsException">There are no settings, and the class cannot be created without any.</exception>
    public void Configure<TSettings>(Action<TSettings> use) where TSettings : class
    {
        ArgumentNullException.ThrowIfNull(use);
        _uses.Add(value => use((TSettings)value));
        use((TSettings)(Settings ?? CreateSettings<TSettings>()));
    }

    /// <inheritdoc/>
    public void OfferMechanism<TMechanism>(Func<DomainIdentity, Offer<TMechanism>> create) where TMechanism : class
    {
        ArgumentNullException.ThrowIfNull(create);
        if (!typeof(TMechanism).IsInterface || typeof(TMechanism).Assembly == typeof(IActor).Assembly)
            throw new ArgumentException($"{typeof(TMechanism).Name} cannot be a mechanism of the plugin's own: it must be an interface of the plugin");
        if (!_mechanisms.TryAdd(typeof(TMechanism), domain => create(domain)))
            throw new ArgumentException($"the plugin offers {typeof(TMechanism).Name} already");
    }

    /// <summary>Creates a mechanism of the plugin's own; <see langword="null"/> if the plugin does not offer it.</summary>
    internal Offer<TMechanism>? Create<TMechanism>(DomainIdentity domain) where TMechanism : class =>
        _mechanisms.TryGetValue(typeof(TMechanism), out var create) ? (Offer<TMechanism>)create(domain) : null;

    private static object CreateSettings<TSettings>() => typeof(TSettings).GetConstructor(Type.EmptyTypes)?.Invoke(null)
        ?? throw new PluginSettingsException([$"{typeof(TSettings).Name} needs settings: set {nameof(FakePluginContext)}.{nameof(Settings)}"]);
}
