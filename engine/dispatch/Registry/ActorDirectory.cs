using Actors.Sdk.Text;

namespace Actors.Dispatch.Registry;

/// <summary>
/// Name to actor, filled by plugins and policies. Dispatch knows this and neither of them. A policy may bear the name of an actor
/// (<c>balloon</c>): <c>xl:NAME</c> means the policy before the actor, a bare name the actor alone.
/// </summary>
internal sealed class ActorDirectory(string defaultPolicy)
{
    private volatile IReadOnlyDictionary<string, PluginEntry> _actors = new Dictionary<string, PluginEntry>();
    private volatile IReadOnlyDictionary<string, PolicyEntry> _policies = new Dictionary<string, PolicyEntry>();

    /// <summary>Another name means another actor now, or nobody.</summary>
    public event Action? Changed;

    public string DefaultPolicy { get; } = defaultPolicy;

    public IEnumerable<string> Actors => _actors.Keys.Order(StringComparer.Ordinal);

    /// <summary>Those that serve.</summary>
    public IEnumerable<string> Policies => _policies.Values.Where(entry => !entry.Shadow).Select(entry => entry.Name).Order(StringComparer.Ordinal);

    /// <summary>Policies that serve and look on as well.</summary>
    public IReadOnlyList<string> AlsoShadows { get; init; } = [];

    /// <summary>What would only look on serves all the same, to be tested.</summary>
    public bool ShadowsServe { get; init; }

    /// <summary>Those that look on: by their own file, or because the host was told so.</summary>
    public IReadOnlyList<PolicyEntry> Shadows { get; private set; } = [];

    public void SetActors(IEnumerable<PluginEntry> entries)
    {
        _actors = entries.ToDictionary(entry => entry.Name);
        Changed?.Invoke();
    }

    /// <param name="entries">Those that are there.</param>
    /// <param name="coming">The names of those that are being compiled.</param>
    public void SetPolicies(IEnumerable<PolicyEntry> entries, IReadOnlyList<string>? coming = null)
    {
        ComingPolicies = coming ?? [];
        _policies = entries.ToDictionary(entry => entry.Name, entry => ShadowsServe ? entry with { Shadow = false } : entry);
        Shadows = [.. _policies.Values.Where(entry => entry.Shadow || AlsoShadows.Contains(entry.Name)).OrderBy(entry => entry.Name, StringComparer.Ordinal)];
        Changed?.Invoke();
    }

    public IReadOnlyList<string> ComingPolicies { get; private set; } = [];

    public IEnumerable<PolicyEntry> PolicyEntries => _policies.Values;

    public PolicyEntry? FindPolicy(string name) => _policies.GetValueOrDefault(name);

    /// <summary>Whom a step means: the actor before the policy of that name, and never a policy that is at work already.</summary>
    public ActorEntry? FindStep(string name, IReadOnlyList<string> atWork) =>
        (ActorEntry?)FindActor(name) ?? (!atWork.Contains(name) && FindPolicy(name) is { Shadow: false } policy ? policy : null);

    public PluginEntry? FindActor(string name) => _actors.GetValueOrDefault(name);

    public ActorChoice Choose(ActorKey key)
    {
        if (!key.IsXl)
            return FindActor(key.Name) is { } actor ? new ActorChoice.Ours(actor) : new ActorChoice.External(key.Name);
        var name = key.Name.Length == 0 ? DefaultPolicy : key.Name;
        if (FindPolicy(name) is { Shadow: true })
            return new ActorChoice.Missing($"the policy '{name}' is a shadow: it looks on and moves nothing; take 'shadow: true' out of its file to let it serve");
        if (ComingPolicies.Contains(name))
            return new ActorChoice.Missing(Coming(name));
        return ((ActorEntry?)FindPolicy(name) ?? FindActor(name)) is { } entry
            ? new ActorChoice.Ours(entry)
            : new ActorChoice.Missing(NoSuch("policy or actor", name, Policies.Union(Actors)));
    }

    /// <summary>Why a step was not found, and what was probably meant.</summary>
    public string NoSuchStep(string name, IReadOnlyList<string> atWork) => atWork.Contains(name) && atWork[^1] != name
        ? $"the policy '{name}' is at work already, and would never end: {string.Join(" → ", atWork)} → {name}"
        : ComingPolicies.Contains(name) ? Coming(name)
        : NoSuch("actor or policy", name, Actors.Union(Policies.Except(atWork)));

    private static string Coming(string name) => $"the policy '{name}' is being compiled; the target will be acted on when it is ready";

    private static string NoSuch(string what, string name, IEnumerable<string> known)
    {
        var loaded = string.Join(", ", known.Order(StringComparer.Ordinal));
        return Suggestion.For(name, known) is { } meant
            ? $"there is no {what} '{name}'; did you mean '{meant}'?"
            : $"there is no {what} '{name}'; loaded: {(loaded.Length == 0 ? "none" : loaded)}";
    }
}
