using Actors.Sim.Scenarios;
using Actors.Sim.Scenarios.Yaml;
using Actors.Yaml;

namespace Actors.Sim.Studies.Yaml;

/// <summary>The world of a study, written in it (<c>world</c>) or in a scenario of its own (<c>scenario</c>), and its variants.</summary>
internal sealed class StudyWorld
{
    private readonly string _folder;
    private readonly YamlProblems _problems;
    private readonly YamlMap? _map;
    private readonly bool _isOwn;

    /// <summary>Finds the world. Errors in a scenario are in <see cref="Problems"/>, all others in <paramref name="problems"/>.</summary>
    public StudyWorld(YamlReader study, string folder, YamlProblems problems)
    {
        (_folder, _problems) = (folder, problems);
        _isOwn = study.Node("world") is not null;
        if (_isOwn == study.Node("scenario") is not null)
            problems.Add(study.At, _isOwn ? "give either 'world' or 'scenario', not both" : "'world' is missing: the host, the domains and the events (or 'scenario': a file with them)");
        else
            _map = _isOwn ? Own(study) : FromFile(study);
        if (_map is not null)
            Base = Read(_map, _isOwn ? problems : null);
    }

    /// <summary>The world without changes; <see langword="null"/> when it has errors.</summary>
    public Scenario? Base { get; }

    /// <summary>The errors in the scenario's file.</summary>
    public IReadOnlyList<YamlProblem> Problems { get; private set; } = [];

    /// <summary>The world with changes; <see langword="null"/> when they or the world itself are wrong.</summary>
    public Scenario? With(IReadOnlyList<YamlEntry> changes)
    {
        if (_map is null || Base is null)
            return null;
        var (changed, wrong) = (_map, false);
        foreach (var change in changes)
        {
            (changed, var error) = WorldChange.Apply(changed, change.Key, change.Value);
            if (error is null)
                continue;
            wrong = true;
            _problems.Add(change.At, error);
        }
        if (wrong)
            return null;
        var problems = new YamlProblems(_problems.File);
        var world = Read(changed, problems);
        foreach (var problem in problems.InOrder)
            _problems.Add(_isOwn ? new Mark(problem.Line, problem.Column) : changes[0].At, _isOwn ? problem.Message : $"with this change, {problem.Message}");
        return world;
    }

    private Scenario? Read(YamlMap map, YamlProblems? problems)
    {
        var own = problems ?? new YamlProblems(_problems.File);
        var had = own.InOrder.Count;
        var reader = new YamlReader(map, own);
        var world = ScenarioYaml.World(reader, _folder);
        reader.Finish();
        if (world.DomainNames.Count == 0)
            own.Add(map.At, "the world has no domain");
        return own.InOrder.Count == had ? world : null;
    }

    private static YamlMap? Own(YamlReader study)
    {
        // Reports a value that is not a group.
        study.Group("world");
        return study.Node("world") as YamlMap;
    }

    private YamlMap? FromFile(YamlReader study)
    {
        if (study.Text("scenario") is not { } name)
            return null;
        var (file, at) = (Path.Combine(_folder, name), study.Node("scenario")!.At);
        try
        {
            var problems = new YamlProblems(file);
            var text = WorldFile.Read(file);
            if (ScenarioYaml.Parse(text, Path.GetDirectoryName(file) ?? "", problems) is null)
            {
                Problems = problems.InOrder;
                return null;
            }
            var map = YamlFile.Parse(text, problems)!;
            // What a scenario expects is the outcome of targets; a study has expectations of its own.
            return map with { Entries = [.. map.Entries.Where(entry => entry.Key != "expect")] };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _problems.Add(at, $"cannot read the scenario: {error.Message}");
            return null;
        }
    }
}
