using System.Text.RegularExpressions;
using Actors.Dispatch.Registry;
using Actors.Isolation.Messages;
using Actors.Loading.Settings;
using Actors.Sdk;
using Actors.Yaml;

namespace Actors.Loading.Compatibility;

/// <summary>The content of <c>plugin.yaml</c>.</summary>
internal sealed partial record Manifest(string Id, Version Version, Version Contract, IReadOnlyList<string> Actors)
{
    public const string FileName = "plugin.yaml";

    // The least private memory of a process.
    private static readonly Kib LeastMemory = Kib.FromMiB(128);

    private const string IdRule = "letters, digits, '.', '_' and '-', beginning with a letter, at most 64";
    private const string ActorRule = "lower-case letters, digits, '.', '_' and '-', beginning with a letter, at most 64";

    /// <summary>The mechanisms that its actors need.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    /// <summary>The mechanisms that its actors use where they are available.</summary>
    public IReadOnlyList<string> Uses { get; init; } = [];

    public string Author { get; init; } = "";

    /// <summary>Whether it must run in a process of its own, even if the operator trusts it.</summary>
    public bool OwnProcess { get; init; }

    /// <summary>The private memory that its process needs; <see langword="null"/> for the standard.</summary>
    public Kib? Memory { get; init; }

    /// <summary>Whether it requests to read and to use the host's free memory; <see langword="null"/> if it does not say.</summary>
    public bool? HostMemory { get; init; }

    /// <summary>Whether it requests to be notified of all domains.</summary>
    public bool Domains { get; init; }

    /// <summary>Whether it requests the use of the network.</summary>
    public bool Network { get; init; }

    /// <summary>Whether it requests to start other programs.</summary>
    public bool Programs { get; init; }

    /// <summary>The defaults of its own settings; <see langword="null"/> if there are none.</summary>
    public SettingsBody? Settings { get; init; }

    /// <summary>The hash of each file by its name; <see langword="null"/> when the plugin lists none.</summary>
    public IReadOnlyDictionary<string, string>? Sha256 { get; init; }

    public string MainFile => Id + ".dll";

    /// <summary>Whether it requests the host's memory. In contract 1.0 nothing had to be requested.</summary>
    public bool RequestsHostMemory => HostMemory ?? IsOfFirstContract;

    /// <summary>Whether it requests a mechanism. One that names none requests all if it is built for contract 1.0.</summary>
    public bool RequestsMechanism(string name) => Needs.Count + Uses.Count == 0 ? IsOfFirstContract : Needs.Contains(name) || Uses.Contains(name);

    private bool IsOfFirstContract => Contract is { Major: 1, Minor: 0 };

    /// <summary>Parses a manifest; <see langword="null"/> if something is wrong. All problems are added to <paramref name="problems"/>.</summary>
    public static Manifest? Parse(string text, YamlProblems problems)
    {
        if (YamlFile.Parse(text, problems) is not { } map)
            return null;
        var reader = new YamlReader(map, problems);
        var id = IdOf(reader);
        var version = VersionOf(reader, "version");
        var contract = VersionOf(reader, "contract");
        var actors = ActorsOf(reader);
        var (needs, uses) = (reader.Words("needs"), reader.Words("uses"));
        var author = reader.Text("author") ?? "";
        var hashes = HashesOf(reader);
        var settings = reader.Group("settings") is not null ? SettingsSource.Of(problems.File, (YamlMap)reader.Node("settings")!) : null;
        var own = IsolationOf(reader);
        var memory = MemoryOf(reader);
        var (hostMemory, domains) = (reader.Flag("host_memory"), reader.Flag("domains") ?? false);
        var (network, programs) = (reader.Flag("network") ?? false, reader.Flag("programs") ?? false);
        reader.Finish();
        return problems.Any ? null : new Manifest(id!, version!, contract!, actors)
        {
            Needs = [.. needs.Select(need => need.Value)],
            Uses = [.. uses.Select(use => use.Value)],
            Author = author,
            Settings = settings,
            Sha256 = hashes,
            OwnProcess = own,
            Memory = memory,
            HostMemory = hostMemory,
            Domains = domains,
            Network = network,
            Programs = programs,
        };
    }

    private static string? IdOf(YamlReader reader)
    {
        reader.Required("id");
        return reader.Parsed<string>("id", "a name", text => IdGrammar().IsMatch(text) ? (text, null) : ("", $"expected {IdRule}"))?.Value;
    }

    private static Version? VersionOf(YamlReader reader, string key)
    {
        if (reader.Node(key) is null)
            reader.Problem(reader.At, $"'{key}' is missing: a version such as 1.0");
        return reader.Parsed<Version>(key, "a version such as 1.0", text =>
            Version.TryParse(text, out var version) ? (version, null) : (new Version(), "expected a version such as 1.0"))?.Value;
    }

    private static List<string> ActorsOf(YamlReader reader)
    {
        var actors = reader.Words("actors");
        if (actors.Count == 0)
            reader.Problem(reader.At, "'actors' is missing: the names of the actors that this plugin provides, such as [balloon]");
        foreach (var actor in actors.Where(actor => !ActorGrammar().IsMatch(actor.Value)))
            reader.Problem(actor.At, $"'{actor.Value}' cannot be an actor's name: {ActorRule}");
        foreach (var actor in actors.Where(actor => actor.Value == ActorKey.Xl))
            reader.Problem(actor.At, $"'{ActorKey.Xl}' cannot be an actor's name: it means the default policy");
        foreach (var twice in actors.GroupBy(actor => actor.Value).Where(group => group.Count() > 1))
            reader.Problem(twice.Last().At, $"the actor '{twice.Key}' is listed twice");
        return [.. actors.Select(actor => actor.Value)];
    }

    // Only the operator can trust a plugin.
    private static bool IsolationOf(YamlReader reader) => reader.Parsed<bool>("isolation", "process", text => text == "process"
        ? (true, null)
        : (false, text == "in-process" ? "only the operator can allow that, with 'isolation' in actors.yaml" : "expected process"))?.Value ?? false;

    /// <summary>The private memory of a process, from the key <c>memory</c>.</summary>
    public static Kib? MemoryOf(YamlReader reader)
    {
        var memory = reader.Size("memory");
        if (memory < LeastMemory)
            reader.Problem(reader.Node("memory")!.At, $"'memory' must be at least {LeastMemory}: the runtime does not start with less");
        return memory;
    }

    private static Dictionary<string, string>? HashesOf(YamlReader reader)
    {
        switch (reader.Node("sha256"))
        {
            case null:
                return null;
            case YamlMap map:
                foreach (var entry in map.Entries.Where(entry => entry.Value is not YamlText { Value: var hash } || !HashGrammar().IsMatch(hash)))
                    reader.Problem(entry.Value.At, $"'{entry.Key}': expected 64 hexadecimal digits, as 'sha256sum' prints them, found {entry.Value.Kind}");
                return map.Entries.ToDictionary(entry => entry.Key, entry => (entry.Value as YamlText)?.Value.ToLowerInvariant() ?? "");
            case var other:
                reader.Problem(other.At, $"'sha256' should be a group of keys ('FILE: HASH'), found {other.Kind}");
                return null;
        }
    }

    [GeneratedRegex(@"^[a-z][a-z0-9._-]{0,63}\z")]
    private static partial Regex ActorGrammar();

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9._-]{0,63}\z")]
    private static partial Regex IdGrammar();

    [GeneratedRegex(@"^[0-9A-Fa-f]{64}\z")]
    private static partial Regex HashGrammar();
}
