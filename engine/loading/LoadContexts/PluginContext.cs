using Actors.Isolation.Messages;
using Actors.Loading.Compatibility;
using Actors.Loading.Metrics;
using Actors.Loading.OwnMechanisms;
using Actors.Loading.Settings;
using Actors.Sdk;

namespace Actors.Loading.LoadContexts;

/// <summary>What the host offers to one version of a plugin, in the process where it runs.</summary>
internal sealed class PluginContext(SettingsBody? settings) : IPluginContext
{
    private static readonly SettingsBody Empty = new([Manifest.FileName], new SettingNode(0, 1, 1) { Keys = [] });

    private readonly Lock _gate = new();
    private readonly List<Action<object>> _uses = [];
    private SettingsBody? _settings = settings;
    private Type? _type;

    public MetricTable Table { get; } = new();

    public IPluginMetrics Metrics => Table;

    public MechanismTable Mechanisms { get; } = new();

    public void Configure<TSettings>(Action<TSettings> use) where TSettings : class
    {
        ArgumentNullException.ThrowIfNull(use);
        SettingsBody settings;
        lock (_gate)
        {
            if (_type is not null && _type != typeof(TSettings))
                throw new InvalidOperationException($"the settings of this plugin are a {_type.Name}: all of its classes must use that class");
            _type = typeof(TSettings);
            _uses.Add(value => use((TSettings)value));
            settings = _settings ?? Empty;
        }
        var problems = new SettingsProblems(settings.Files);
        var value = SettingsBinder.Bind(typeof(TSettings), settings, problems);
        use(problems.Any ? throw new PluginSettingsException(problems.InOrder) : (TSettings)value!);
    }

    public void OfferMechanism<TMechanism>(Func<DomainIdentity, Offer<TMechanism>> create) where TMechanism : class => Mechanisms.Add(create);

    /// <summary>Gives the plugin new settings. Returns their problems; then the plugin keeps the old ones.</summary>
    public IReadOnlyList<string> Change(SettingsBody? settings)
    {
        List<Action<object>> uses;
        lock (_gate)
            uses = [.. _uses];
        if (_type is null)
            return UnusedIn(settings);
        var problems = new SettingsProblems((settings ?? Empty).Files);
        var value = SettingsBinder.Bind(_type, settings ?? Empty, problems);
        if (problems.Any)
            return problems.InOrder;
        lock (_gate)
            _settings = settings;
        foreach (var use in uses)
            use(value!);
        return [];
    }

    /// <summary>Checks that the plugin reads its settings, if it has any.</summary>
    /// <exception cref="PluginSettingsException">No class of the plugin reads them.</exception>
    public void CheckUsed()
    {
        if (_type is null && UnusedIn(_settings) is [_, ..] problems)
            throw new PluginSettingsException(problems);
    }

    private static IReadOnlyList<string> UnusedIn(SettingsBody? settings)
    {
        if (settings?.Root.Keys is not [var first, ..])
            return [];
        var problems = new SettingsProblems(settings.Files);
        problems.Add(first, $"unknown key '{first.Name}': this plugin has no settings");
        return problems.InOrder;
    }
}
