using Actors.Chains.Yaml;
using Actors.Dispatch.Registry;
using Actors.Isolation.Messages;
using Actors.Loading.Containment;
using Actors.Loading.Signing;
using Actors.Sdk;
using Actors.Yaml;

namespace Actors.Host.Settings;

/// <summary>The configuration file of the host. A key that the file does not set is <see langword="null"/>; the command line overrides the file.</summary>
internal sealed record HostConfiguration
{
    public string? DefaultPolicy { get; private init; }

    public IReadOnlyList<string>? Shadows { get; private init; }

    public string? PluginFolder { get; private init; }

    public string? PolicyFolder { get; private init; }

    public string? JournalPath { get; private init; }

    /// <summary>The memory that the host keeps free: no growth of a domain may use it.</summary>
    public Kib? Reserve { get; private init; }

    /// <summary>How much one plugin may make the heap grow.</summary>
    public Kib? PluginMemory { get; private init; }

    /// <summary>The memory of the daemon's process above which it is reported.</summary>
    public Kib? DaemonMemory { get; private init; }

    /// <summary>The processor time that compiling a script may take.</summary>
    public TimeSpan? ScriptTime { get; private init; }

    /// <summary>Where plugins run, and what their processes may use, by the id of the plugin.</summary>
    public IReadOnlyDictionary<string, PluginGrant>? Isolation { get; private init; }

    /// <summary>The settings of plugins, by id.</summary>
    public IReadOnlyDictionary<string, SettingsBody>? PluginSettings { get; private init; }

    /// <summary>Whose plugins the operator trusts.</summary>
    public TrustPolicy? Trust { get; private init; }

    /// <summary>Settings of groups of domains.</summary>
    public IReadOnlyList<DomainClass>? Classes { get; private init; }

    /// <summary>Parses the file. Returns <see langword="null"/> when it is invalid; the problems then list every mistake.</summary>
    /// <param name="text">The text of the file.</param>
    /// <param name="folder">The folder of the file, to which relative paths refer.</param>
    /// <param name="problems">Collects the mistakes.</param>
    /// <param name="names">
    /// Returns the names of the policies and actors, from the folders of policies and of plugins that the file sets; <see langword="null"/> to
    /// accept any name in a class.
    /// </param>
    public static HostConfiguration? Parse(
        string text, string folder, YamlProblems problems, Func<string?, string?, IReadOnlyCollection<string>>? names = null)
    {
        // The shipped file contains only comments.
        if (text.Split('\n').All(line => line.Trim() is "" or ['#', ..]))
            return new HostConfiguration();
        if (YamlFile.Parse(text, problems) is not { } map)
            return null;
        var reader = new YamlReader(map, problems);
        string? FullPath(string key) => reader.Text(key) is { } path ? Path.GetFullPath(path, folder) : null;
        var (plugins, policies) = (FullPath("plugins"), FullPath("policies"));
        var configuration = new HostConfiguration
        {
            DefaultPolicy = reader.Parsed<string>("default_policy", "a policy's name", NameOf)?.Value,
            Shadows = ShadowsOf(reader),
            PluginFolder = plugins,
            PolicyFolder = policies,
            JournalPath = FullPath("journal"),
            Reserve = reader.Size("reserve"),
            PluginMemory = MemoryOf(reader, "plugin_memory"),
            DaemonMemory = MemoryOf(reader, "daemon_memory"),
            ScriptTime = TimeOf(reader, "script_time"),
            Isolation = IsolationYaml.Read(reader),
            PluginSettings = PluginSettingsYaml.Read(reader, problems.File),
            Trust = TrustYaml.Read(reader, folder),
            Classes = ClassesYaml.Read(reader, names is null ? null : () => names(policies, plugins), problems),
        };
        reader.Finish();
        return problems.Any ? null : configuration;
    }

    /// <summary>Whether two configurations differ at most in what can be reloaded: their classes and the settings of plugins.</summary>
    public bool IsSameExceptReloadable(HostConfiguration other) =>
        (Shadows ?? []).SequenceEqual(other.Shadows ?? []) && Ordered(Isolation).SequenceEqual(Ordered(other.Isolation))
        && WithoutLists() == other.WithoutLists();

    private HostConfiguration WithoutLists() => this with { Classes = null, Shadows = null, Isolation = null, PluginSettings = null };

    private static IEnumerable<KeyValuePair<string, PluginGrant>> Ordered(IReadOnlyDictionary<string, PluginGrant>? grants) => (grants ?? new Dictionary<string, PluginGrant>()).OrderBy(grant => grant.Key, StringComparer.Ordinal);

    private static (string, string?) NameOf(string text) =>
        PolicyYaml.IsName(text) ? (text, null) : ("", $"expected a policy's name: {PolicyYaml.NameRule}");

    private static List<string>? ShadowsOf(YamlReader reader)
    {
        if (reader.Node("shadow") is null)
            return null;
        var shadows = reader.Words("shadow");
        foreach (var shadow in shadows)
        {
            if (NameOf(shadow.Value) is (_, { } error))
                reader.Problem(shadow.At, $"'shadow': {error}, found {shadow.Kind}");
        }
        return [.. shadows.Select(shadow => shadow.Value)];
    }

    private static TimeSpan? TimeOf(YamlReader reader, string key)
    {
        var time = reader.Duration(key);
        if (time < TimeSpan.FromSeconds(1) || time > TimeSpan.FromHours(1))
            reader.Problem(reader.Node(key)!.At, $"'{key}' must be between 1s and 60m");
        return time;
    }

    private static Kib? MemoryOf(YamlReader reader, string key)
    {
        var memory = reader.Size(key);
        if (memory < Kib.FromMiB(1))
            reader.Problem(reader.Node(key)!.At, $"'{key}' must be at least 1MiB");
        return memory;
    }
}
