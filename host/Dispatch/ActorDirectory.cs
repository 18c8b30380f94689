using Actors.Sdk;
using Actors.Yaml;

namespace Actors.Host.Dispatch;

/// <summary>An actor under its name. What a policy says about floor and tolerance goes with it.</summary>
internal sealed record ActorEntry(string Name, IActor Actor)
{
    public bool IsPolicy { get; init; }
    public Kib? Floor { get; init; }
    public Kib? Tolerance { get; init; }
}

/// <summary>Whom an actor key means.</summary>
internal abstract record ActorChoice
{
    public sealed record Ours(ActorEntry Entry) : ActorChoice;

    /// <summary>Somebody outside watches for itself; not ours to touch.</summary>
    public sealed record External(string Name) : ActorChoice;

    public sealed record Missing(string Reason) : ActorChoice;
}

/// <summary>
/// Name to actor, filled by plugins and policies. Dispatch knows this and neither of them. A policy may bear the name of an actor
/// (<c>balloon</c>): <c>xl:NAME</c> means the policy before the actor, a bare name the actor alone.
/// </summary>
internal sealed class ActorDirectory(string defaultPolicy)
{
    private volatile IReadOnlyDictionary<string, ActorEntry> _actors = new Dictionary<string, ActorEntry>();
    private volatile IReadOnlyDictionary<string, ActorEntry> _policies = new Dictionary<string, ActorEntry>();

    /// <summary>Another name means another actor now, or nobody.</summary>
    public event Action? Changed;

    public string DefaultPolicy { get; } = defaultPolicy;

    public IEnumerable<string> Actors => _actors.Keys.Order(StringComparer.Ordinal);

    public IEnumerable<string> Policies => _policies.Keys.Order(StringComparer.Ordinal);

    public void SetActors(IEnumerable<ActorEntry> entries)
    {
        _actors = entries.ToDictionary(entry => entry.Name);
        Changed?.Invoke();
    }

    public void SetPolicies(IEnumerable<ActorEntry> entries)
    {
        _policies = entries.ToDictionary(entry => entry.Name);
        Changed?.Invoke();
    }

    public IEnumerable<ActorEntry> PolicyEntries => _policies.Values;

    public ActorEntry? FindPolicy(string name) => _policies.GetValueOrDefault(name);

    /// <summary>Whom a step means: the actor before the policy of that name, and never a policy that is at work already.</summary>
    public ActorEntry? FindStep(string name, IReadOnlyList<string> atWork) =>
        FindActor(name) ?? (atWork.Contains(name) ? null : FindPolicy(name));

    public ActorEntry? FindActor(string name) => _actors.GetValueOrDefault(name);

    public ActorChoice Choose(ActorKey key)
    {
        if (!key.IsXl)
            return FindActor(key.Name) is { } actor ? new ActorChoice.Ours(actor) : new ActorChoice.External(key.Name);
        var name = key.Name.Length == 0 ? DefaultPolicy : key.Name;
        return (FindPolicy(name) ?? FindActor(name)) is { } entry
            ? new ActorChoice.Ours(entry)
            : new ActorChoice.Missing(NoSuch("policy or actor", name, Policies.Union(Actors)));
    }

    /// <summary>Why a step was not found, and what was probably meant.</summary>
    public string NoSuchStep(string name, IReadOnlyList<string> atWork) => atWork.Contains(name) && atWork[^1] != name
        ? $"the policy '{name}' is at work already, and would never end: {string.Join(" → ", atWork)} → {name}"
        : NoSuch("actor or policy", name, Actors.Union(Policies.Except(atWork)));

    private static string NoSuch(string what, string name, IEnumerable<string> known)
    {
        var loaded = string.Join(", ", known.Order(StringComparer.Ordinal));
        return Suggestion.For(name, known) is { } meant
            ? $"there is no {what} '{name}'; did you mean '{meant}'?"
            : $"there is no {what} '{name}'; loaded: {(loaded.Length == 0 ? "none" : loaded)}";
    }
}
