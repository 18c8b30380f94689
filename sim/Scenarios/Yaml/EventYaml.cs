using System.Globalization;
using Actors.Sdk;
using Actors.Sim.Specs;
using Actors.Yaml;

namespace Actors.Sim.Scenarios.Yaml;

/// <summary>Reads the events of a scenario. An event that creates a domain makes its name known to all events.</summary>
internal sealed class EventYaml(DomainYaml domains, IEnumerable<string> names, HostSpec host)
{
    private const string Folder = "memory-policy";

    private static readonly string[] Keyed = ["target", "actor", "timeout", "floor", "write"];
    private static readonly string[] OfDomains = ["remove", "max_mem", "claim", "do"];
    private static readonly string[] OfTheHost = ["create", "arrive", "add_memory", "offline_memory"];

    private readonly BuildYaml _builds = new(host);

    public IReadOnlyList<ScenarioEvent> Read(IReadOnlyList<YamlReader> readers)
    {
        // Creations are read first because an event may be written above the one that creates its domain.
        var created = readers.Select(reader => (reader.Group("create") ?? reader.Group("arrive")) is { } group ? domains.ReadOne(group) : null).ToList();
        string[] known = [.. names, .. created.OfType<DomainSpec>().Select(spec => spec.Name)];
        return [.. readers.Zip(created, (reader, spec) => Read(reader, spec, known)).OfType<ScenarioEvent>()];
    }

    private ScenarioEvent? Read(YamlReader reader, DomainSpec? created, string[] known)
    {
        reader.Demand("at", ": when it happens, such as 5s");
        var at = reader.Duration("at") ?? TimeSpan.Zero;
        var domain = reader.Known("domain", "domain", known) ?? "";
        var change = reader.Choice<LifeChange>("do");
        var keys = Keys(reader);
        ScenarioEvent?[] readings =
        [
            created is null ? null : new CreateEvent(at, created, _builds.Read(reader, created)),
            change is null ? null : new LifeEvent(at, domain, change.Value),
            keys.Count == 0 ? null : new WriteEvent(at, domain, keys),
            reader.Text("remove") is { } key ? new RemoveEvent(at, domain, key) : null,
            reader.Size("max_mem") is { } maxMem ? new MaxMemEvent(at, domain, maxMem) : null,
            Claim(reader, at, domain),
            reader.Size("add_memory") is { } added ? new HostMemoryEvent(at, added) : null,
            reader.Size("offline_memory") is { } offline ? new HostMemoryEvent(at, Kib.Zero - offline) : null,
        ];
        reader.Finish();
        var found = readings.OfType<ScenarioEvent>().ToList();
        if (OfTheHost.All(action => reader.Node(action) is null))
            reader.Demand("domain");
        if (found.Count > 1)
            reader.Problem(reader.At, $"an event does one thing: it writes keys, or it has one of {Quoted([.. OfDomains, .. OfTheHost])}");
        else if (found.Count == 0 && Actions.All(action => reader.Node(action) is null))
            reader.Problem(reader.At, $"this event does nothing: give one of {string.Join(", ", Actions)}");
        return found.FirstOrDefault();
    }

    private static IEnumerable<string> Actions => [.. Keyed, .. OfDomains, .. OfTheHost];

    private static string Quoted(IEnumerable<string> words) => string.Join(", ", words.Select(word => $"'{word}'"));

    /// <summary>Reads one claim, a size; or a set of claims, a group.</summary>
    private ScenarioEvent? Claim(YamlReader reader, TimeSpan at, string domain)
    {
        if (reader.Node("claim") is null or YamlText)
            return reader.Size("claim") is { } size ? new ClaimEvent(at, domain, size) : null;
        return reader.Group("claim") is { } group ? new ClaimSetEvent(at, domain, _builds.ClaimSet(group)) : null;
    }

    /// <summary>The target comes last, as a toolstack writes it.</summary>
    private static List<(string Key, string Value)> Keys(YamlReader reader)
    {
        var keys = new List<(string Key, string Value)>();
        void Add(string name, string? value)
        {
            if (value is not null)
                keys.Add(($"{Folder}/{name}", value));
        }
        Add("actor", reader.Text("actor"));
        Add("timeout", reader.Duration("timeout") is { } timeout ? Number(timeout.TotalSeconds) : null);
        Add("floor", reader.Size("floor") is { } floor ? Number(floor.Value) : null);
        keys.AddRange(Raw(reader));
        Add("target", reader.Size("target") is { } target ? Number(target.Value) : null);
        return keys;
    }

    private static IEnumerable<(string Key, string Value)> Raw(YamlReader reader)
    {
        if (reader.Node("write") is not YamlMap map)
        {
            if (reader.Node("write") is { } other)
                reader.Problem(other.At, $"'write' should be a group of keys below the domain's home, found {other.Kind}");
            yield break;
        }
        foreach (var entry in map.Entries)
        {
            if (entry.Value is YamlText text)
                yield return (entry.Key, text.Value);
            else
                reader.Problem(entry.Value.At, $"'{entry.Key}' should be text, found {entry.Value.Kind}");
        }
    }

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
}
