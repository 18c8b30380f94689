using Actors.Sdk.Text;

namespace Actors.Dispatch.Registry;

/// <summary>
/// Maps names to actors. Plugins and policies fill it, and dispatch knows nothing else about them. A policy may have the name of an actor
/// (<c>balloon</c>): <c>xl:NAME</c> prefers the policy, and a plain name means the actor only.
/// </summary>
internal sealed class ActorDirectory(string defaultPolicy)
{
    private volatile IReadOnlyDictionary<string, PluginEntry> _actors = new Dictionary<string, PluginEntry>();
    private volatile IReadOnlyDictionary<string, PolicyEntry> _policies = new Dictionary<string, PolicyEntry>();
    private int _version;

    /// <summary>Raised when a name means another actor than before, or none, and when the classes have changed.</summary>
    public event Action? Changed;

    /// <summary>A number that grows with every change.</summary>
    public int Version => Volatile.Read(ref _version);

    public string DefaultPolicy { get; } = defaultPolicy;

    public IEnumerable<string> Actors => _actors.Keys.Order(StringComparer.Ordinal);

    /// <summary>The policies that serve.</summary>
    public IEnumerable<string> Policies => _policies.Values.Where(entry => !entry.Shadow).Select(entry => entry.Name).Order(StringComparer.Ordinal);

    /// <summary>Policies that serve and run as shadows as well.</summary>
    public IReadOnlyList<string> AlsoShadows { get; init; } = [];

    /// <summary>Lets shadows serve, so that they can be tested.</summary>
    public bool ShadowsServe { get; init; }

    /// <summary>The policies that run as shadows, because of their own file or an option of the host.</summary>
    public IReadOnlyList<PolicyEntry> Shadows { get; private set; } = [];

    /// <summary>The settings of groups of domains.</summary>
    public DomainClasses Classes { get; private set; } = DomainClasses.None;

    public void SetClasses(DomainClasses classes)
    {
        Classes = classes;
        ReportChanged();
    }

    public void SetActors(IEnumerable<PluginEntry> entries)
    {
        _actors = entries.ToDictionary(entry => entry.Name);
        ReportChanged();
    }

    /// <param name="entries">The policies that are ready.</param>
    /// <param name="compiling">The names of the policies that are being compiled.</param>
    /// <param name="broken">The policies that do not serve because their file is broken, with the first problem of each.</param>
    public void SetPolicies(
        IEnumerable<PolicyEntry> entries, IReadOnlyList<string>? compiling = null, IReadOnlyDictionary<string, string>? broken = null)
    {
        CompilingPolicies = compiling ?? [];
        BrokenPolicies = broken ?? new Dictionary<string, string>();
        _policies = entries.ToDictionary(entry => entry.Name, entry => ShadowsServe ? entry with { Shadow = false } : entry);
        Shadows = [.. _policies.Values.Where(entry => entry.Shadow || AlsoShadows.Contains(entry.Name)).OrderBy(entry => entry.Name, StringComparer.Ordinal)];
        ReportChanged();
    }

    public IReadOnlyList<string> CompilingPolicies { get; private set; } = [];

    /// <summary>The policies that do not serve because their file is broken, with the first problem of each.</summary>
    public IReadOnlyDictionary<string, string> BrokenPolicies { get; private set; } = new Dictionary<string, string>();

    public IEnumerable<PolicyEntry> PolicyEntries => _policies.Values;

    public PolicyEntry? FindPolicy(string name) => _policies.GetValueOrDefault(name);

    /// <summary>Finds the actor of a step: the actor of that name, else the policy, but never one that is running already.</summary>
    public ActorEntry? FindStep(string name, IReadOnlyList<string> running) =>
        (ActorEntry?)FindActor(name) ?? (!running.Contains(name) && FindPolicy(name) is { Shadow: false } policy ? policy : null);

    public PluginEntry? FindActor(string name) => _actors.GetValueOrDefault(name);

    /// <summary>Finds the actor that a state names; the steps of nested policies are <c>POLICY/ACTOR</c>.</summary>
    public PluginEntry? FindLeaf(string path) => FindActor(path[(path.LastIndexOf('/') + 1)..]);

    public ActorChoice Choose(ActorKey key)
    {
        if (!key.IsXl)
            return FindActor(key.Name) is { } actor ? new ActorChoice.Loaded(actor) : new ActorChoice.External(key.Name);
        var name = key.Name.Length == 0 ? DefaultPolicy : key.Name;
        if (FindPolicy(name) is { Shadow: true })
            return new ActorChoice.Missing($"the policy '{name}' is a shadow, which only observes; remove 'shadow: true' from its file to let it serve");
        if (CompilingPolicies.Contains(name))
            return new ActorChoice.Missing(Compiling(name), Soon: true);
        return ((ActorEntry?)FindPolicy(name) ?? FindActor(name)) is { } entry
            ? new ActorChoice.Loaded(entry)
            : new ActorChoice.Missing(Broken(name) ?? NoSuch("policy or actor", name, Policies.Union(Actors)));
    }

    /// <summary>Explains why a step was not found, and suggests the name that was probably meant.</summary>
    public string NoSuchStep(string name, IReadOnlyList<string> running) => running.Contains(name) && running[^1] != name
        ? $"the policy '{name}' is running already and would never end: {string.Join(" → ", running)} → {name}"
        : CompilingPolicies.Contains(name) ? Compiling(name)
        : Broken(name) ?? NoSuch("actor or policy", name, Actors.Union(Policies.Except(running)));

    private void ReportChanged()
    {
        Interlocked.Increment(ref _version);
        Changed?.Invoke();
    }

    private static string Compiling(string name) => $"the policy '{name}' is being compiled; the target will be acted on when it is ready";

    private string? Broken(string name) => BrokenPolicies.TryGetValue(name, out var problem) ? $"the policy '{name}' is broken: {problem}" : null;

    private static string NoSuch(string what, string name, IEnumerable<string> known)
    {
        var loaded = string.Join(", ", known.Order(StringComparer.Ordinal));
        return Suggestion.For(name, known) is { } meant
            ? $"there is no {what} '{name}'; did you mean '{meant}'?"
            : $"there is no {what} '{name}'; loaded: {(loaded.Length == 0 ? "none" : loaded)}";
    }
}
