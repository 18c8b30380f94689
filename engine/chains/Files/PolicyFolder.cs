using Actors.Dispatch.Files;
using Actors.Dispatch.Registry;
using Actors.Sdk;
using Actors.Yaml;

namespace Actors.Chains.Files;

/// <summary>
/// The policies of a folder, in service. A look takes in what has changed: each file is read, checked and compiled by itself, and all that is
/// good is swapped in at once. A broken file keeps its last good version in service and stops no other.
/// </summary>
internal sealed class PolicyFolder(string folder, PolicyReader reader, ActorDirectory directory, IActorLog log)
{
    private readonly object _gate = new();
    private readonly SortedDictionary<string, PolicySlot> _slots = new(StringComparer.Ordinal);
    private readonly RetiredPolicies _retired = new(log);
    private string? _folderProblem;

    public IReadOnlyList<PolicyStatus> Statuses
    {
        get
        {
            lock (_gate)
                return [.. _slots.Values.Select(slot => slot.Status(Warnings(slot.Serving)))];
        }
    }

    /// <summary>What is wrong, a line each.</summary>
    public IReadOnlyList<string> Problems => [.. Statuses.SelectMany(status => status.Problems)];

    /// <summary>Takes in what has changed since the last look.</summary>
    /// <param name="compiles">Whether a script is compiled that was never compiled before; left for the next look otherwise.</param>
    public void Look(bool compiles = true)
    {
        lock (_gate)
        {
            if (!FolderIsFine())
                return;
            var files = PolicyReader.FilesIn(folder);
            var retired = Remove(files);
            foreach (var file in files)
                if (Take(file, compiles) is { } before)
                    retired.Add(before);
            var serving = _slots.Values.Select(slot => slot.Serving?.Entry).OfType<PolicyEntry>().ToList();
            List<string> coming = [.. _slots.Values.Where(slot => slot.Coming).Select(slot => slot.Name)];
            if (!serving.SequenceEqual(directory.PolicyEntries) || !coming.SequenceEqual(directory.CompilingPolicies))
                directory.SetPolicies(serving, coming);
            _retired.Add(retired);
        }
    }

    private bool FolderIsFine()
    {
        var problem = Directory.Exists(folder) ? FileTrust.Refusal(folder) : $"{folder}: there is no such folder";
        if (problem is not null && problem != _folderProblem)
            log.Warn($"{problem}; {(_slots.Count == 0 ? "no policy is loaded" : "the policies serve on as they are")}");
        _folderProblem = problem;
        return problem is null;
    }

    private List<PolicyVersion> Remove(IReadOnlyList<string> files)
    {
        var retired = new List<PolicyVersion>();
        foreach (var path in _slots.Keys.Except(files).ToList())
        {
            if (_slots[path].Serving is { } serving)
            {
                retired.Add(serving);
                log.Info($"policy '{serving.Name}' was removed");
            }
            _slots.Remove(path);
        }
        return retired;
    }

    // The version that was replaced, if there was one.
    private PolicyVersion? Take(string path, bool compiles)
    {
        var problems = new YamlProblems(path);
        var bytes = PolicyReader.Bytes(path, problems);
        var hash = bytes is null ? "-" : PolicyReader.Hash(bytes);
        var slot = _slots.GetValueOrDefault(path) ?? new PolicySlot(path);
        if (slot.Hash == hash && slot.Problems.Count == 0)
            return null;
        var version = bytes is null ? null : reader.Read(path, bytes, compiles, problems);
        if (version is null && !problems.Any)
        {
            _slots[path] = slot;
            return null;
        }
        if (version is not null && Conflict(path, version) is { } conflict)
        {
            problems.Add(new Mark(1, 1), conflict);
            version.Retire();
            version = null;
        }
        var before = version is null ? null : slot.Serving;
        var after = slot with
        {
            Hash = hash,
            Serving = version ?? slot.Serving,
            Problems = [.. problems.InOrder.Select(problem => problem.ToString())],
        };
        Tell(slot, after);
        _slots[path] = after;
        return before;
    }

    private string? Conflict(string path, PolicyVersion version)
    {
        var others = _slots.Where(slot => slot.Key != path).Select(slot => slot.Value).Where(slot => slot.Serving is not null).ToList();
        if (others.FirstOrDefault(other => other.Serving!.Name == version.Name) is { } twin)
            return $"the policy '{version.Name}' is in {Path.GetFileName(twin.Path)} already; remove one of the two";
        var steps = others.ToDictionary(other => other.Serving!.Name, other => other.Serving!.Steps);
        steps[version.Name] = version.Steps;
        return PolicyCycles.Find(version.Name, name => directory.FindActor(name) is null ? steps.GetValueOrDefault(name) : null) is { } cycle
            ? $"this policy would run itself, for ever: {string.Join(" → ", cycle)}"
            : null;
    }

    private void Tell(PolicySlot before, PolicySlot after)
    {
        foreach (var problem in after.Problems.Except(before.Problems))
            log.Warn(problem);
        if (after.Problems.Count > 0 && before.Problems.Count == 0 && after.Serving is { } old)
            log.Warn($"policy '{old.Name}': its last good version, {old.Hash}, serves on");
        if (after.Serving is { } version && version != before.Serving && before.Hash is not null)
            log.Info($"policy '{version.Name}' is now version {version.Hash}");
        foreach (var warning in Warnings(after.Serving != before.Serving ? after.Serving : null))
            log.Warn(warning);
    }

    private IReadOnlyList<string> Warnings(PolicyVersion? version) => version is null
        ? []
        : [.. from step in version.Steps
              where directory.FindActor(step) is null && !_slots.Values.Any(slot => slot.Name == step && step != version.Name)
              select $"policy '{version.Name}': {directory.NoSuchStep(step, [version.Name])}"];
}

/// <summary>One file, and what became of it.</summary>
internal sealed record PolicySlot(string Path)
{
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);
    public string? Hash { get; init; }

    /// <summary>It was never read to its end: its script waits for the compiler.</summary>
    public bool Coming => Hash is null;

    public PolicyVersion? Serving { get; init; }
    public IReadOnlyList<string> Problems { get; init; } = [];

    public PolicyStatus Status(IReadOnlyList<string> warnings) => new()
    {
        Name = Name,
        Kind = PolicyFile.KindOf(Path) == PolicyFileKind.Script ? "script" : "yaml",
        File = Path,
        Description = Serving?.Description ?? "",
        Steps = Serving?.Steps ?? [],
        FileVersion = Hash ?? "-",
        Serving = Serving?.Hash,
        Coming = Coming,
        Since = Serving?.Since,
        Problems = Problems,
        Warnings = warnings,
        Quarantined = Serving?.Health.Quarantined,
    };
}
