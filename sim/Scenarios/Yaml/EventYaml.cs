using System.Globalization;
using Actors.Sim.Specs;
using Actors.Yaml;

namespace Actors.Sim.Scenarios.Yaml;

/// <summary>Reads the events of a scenario. An event that creates a domain makes its name known to all events.</summary>
internal sealed class EventYaml(DomainYaml domains, IEnumerable<string> names)
{
    private const string Folder = "memory-policy";

    public IReadOnlyList<ScenarioEvent> Read(IReadOnlyList<YamlReader> readers)
    {
        // Creations are read first because an event may be written above the one that creates its domain.
        var created = readers.Select(reader => reader.Group("create") is { } group ? domains.Read(group) : null).ToList();
        string[] known = [.. names, .. created.OfType<DomainSpec>().Select(spec => spec.Name)];
        return [.. readers.Zip(created, (reader, spec) => Read(reader, spec, known)).OfType<ScenarioEvent>()];
    }

    private static ScenarioEvent? Read(YamlReader reader, DomainSpec? created, string[] known)
    {
        reader.Demand("at", ": when it happens, such as 5s");
        var at = reader.Duration("at") ?? TimeSpan.Zero;
        var domain = reader.Known("domain", "domain", known) ?? "";
        var change = reader.Choice<LifeChange>("do");
        var keys = Keys(reader);
        ScenarioEvent?[] readings =
        [
            created is null ? null : new CreateEvent(at, created),
            change is null ? null : new LifeEvent(at, domain, change.Value),
            keys.Count == 0 ? null : new WriteEvent(at, domain, keys),
            reader.Text("remove") is { } key ? new RemoveEvent(at, domain, key) : null,
            reader.Size("max_mem") is { } maxMem ? new MaxMemEvent(at, domain, maxMem) : null,
            reader.Size("claim") is { } claim ? new ClaimEvent(at, domain, claim) : null,
        ];
        reader.Finish();
        var found = readings.OfType<ScenarioEvent>().ToList();
        if (reader.Node("create") is null)
            reader.Demand("domain");
        if (found.Count > 1)
            reader.Problem(reader.At, "an event does one thing: it writes keys, or it has one of 'do', 'create', 'remove', 'max_mem', 'claim'");
        else if (found.Count == 0 && Actions.All(action => reader.Node(action) is null))
            reader.Problem(reader.At, $"this event does nothing: give one of {string.Join(", ", Actions)}");
        return found.FirstOrDefault();
    }

    private static readonly string[] Actions = ["target", "actor", "timeout", "floor", "write", "remove", "max_mem", "claim", "do", "create"];

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
