using Actors.Chains.Scripts.Compiling;
using Actors.Dispatch.Files;
using Actors.Dispatch.Registry;
using Actors.Sdk;
using Actors.Yaml;

namespace Actors.Chains.Files;

/// <summary>
/// The policies of a folder, in service. A scan loads what has changed: each file is read, checked and compiled on its own, and all good
/// versions are swapped in together. A broken file keeps its last good version in service, also across restarts, and does not stop any other.
/// </summary>
internal sealed class PolicyFolder(string folder, PolicyReader reader, ActorDirectory directory, IActorLog log, LastGoodFiles? lastGood = null)
{
    private readonly object _gate = new();
    private readonly SortedDictionary<string, PolicySlot> _slots = new(StringComparer.Ordinal);
    private readonly RetiredPolicies _retired = new(log);
    private string? _folderProblem;

    /// <summary>The state of each file.</summary>
    public IReadOnlyList<PolicyStatus> Statuses
    {
        get
        {
            lock (_gate)
                return [.. _slots.Values.Select(slot => slot.Status(Warnings(slot.Serving)))];
        }
    }

    /// <summary>All problems, one line each.</summary>
    public IReadOnlyList<string> Problems => [.. Statuses.SelectMany(status => status.Problems)];

    /// <summary>Loads what has changed since the last scan.</summary>
    /// <returns>The scripts that must be compiled before the policies that contain them can be loaded by another scan.</returns>
    public IReadOnlyList<ScriptSource> Scan()
    {
        lock (_gate)
        {
            if (!FolderIsFine())
                return [];
            var files = PolicyReader.FilesIn(folder);
            var (retired, postponed) = (Remove(files), new List<ScriptSource>());
            foreach (var file in files)
                if (Load(file, postponed) is { } before)
                    retired.Add(before);
            Publish();
            _retired.Add(retired);
            return postponed;
        }
    }

    private void Publish()
    {
        var problems = FileProblems.Of([.. _slots.Values], name => directory.FindActor(name) is not null);
        List<PolicyEntry> serving = [.. _slots.Values.Select(slot => slot.Serving?.Entry).OfType<PolicyEntry>().Select(entry => entry with { FileProblem = problems.GetValueOrDefault(entry.Name) })];
        List<string> compiling = [.. _slots.Values.Where(slot => slot.Compiling).Select(slot => slot.Name)];
        var broken = problems.Where(problem => serving.All(entry => entry.Name != problem.Key)).ToDictionary();
        if (!serving.SequenceEqual(directory.PolicyEntries) || !compiling.SequenceEqual(directory.CompilingPolicies) || !broken.SequenceEqual(directory.BrokenPolicies))
            directory.SetPolicies(serving, compiling, broken);
    }

    private bool FolderIsFine()
    {
        var problem = Directory.Exists(folder) ? FileTrust.Refusal(folder) : $"{folder}: there is no such folder";
        if (problem is not null && problem != _folderProblem)
            log.Warn($"{problem}; {(_slots.Count == 0 ? "no policy is loaded" : "the loaded policies keep serving")}");
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
            lastGood?.Remove(path);
        }
        return retired;
    }

    // Returns the version that was replaced, if there was one.
    private PolicyVersion? Load(string path, List<ScriptSource> postponed)
    {
        var problems = new YamlProblems(path);
        var bytes = PolicyReader.Bytes(path, problems);
        var hash = bytes is null ? "-" : PolicyReader.Hash(bytes);
        var slot = _slots.GetValueOrDefault(path) ?? new PolicySlot(path);
        if (slot.Hash == hash && slot.Problems.Count == 0)
            return null;
        var waiting = postponed.Count;
        var version = bytes is null ? null : reader.Read(path, bytes, problems, postponed);
        if (version is not null && Conflict(path, version) is { } conflict)
        {
            problems.Add(new Mark(1, 1), conflict);
            version.Retire();
            version = null;
        }
        if (version is not null)
            lastGood?.Store(path, bytes!);
        else if (slot.Serving is null && postponed.Count == waiting)
            version = Restore(path, postponed);
        if (postponed.Count > waiting)
        {
            _slots[path] = slot;
            return null;
        }
        var before = version is null ? null : slot.Serving;
        var after = slot with
        {
            Hash = hash,
            Serving = version ?? slot.Serving,
            Problems = [.. problems.InOrder.Select(problem => problem.ToString())],
            FirstProblem = problems.InOrder.Select(problem => $"{Path.GetFileName(problem.File)}:{problem.Line}:{problem.Column}: {problem.Message}").FirstOrDefault(),
        };
        LogChanges(slot, after);
        _slots[path] = after;
        return before;
    }

    // The version that served before the daemon was restarted.
    private PolicyVersion? Restore(string path, List<ScriptSource> postponed)
    {
        if (lastGood?.Find(path) is not { } bytes || reader.Read(path, bytes, new YamlProblems(path), postponed) is not { } version)
            return null;
        if (Conflict(path, version) is null)
            return version;
        version.Retire();
        return null;
    }

    private string? Conflict(string path, PolicyVersion version)
    {
        var others = _slots.Where(slot => slot.Key != path).Select(slot => slot.Value).Where(slot => slot.Serving is not null).ToList();
        if (others.FirstOrDefault(other => other.Serving!.Name == version.Name) is { } twin)
            return $"the policy '{version.Name}' is already defined in {Path.GetFileName(twin.Path)}; remove one of the two files";
        var steps = others.ToDictionary(other => other.Serving!.Name, other => other.Serving!.Steps);
        steps[version.Name] = version.Steps;
        return PolicyCycles.Find(version.Name, name => directory.FindActor(name) is null ? steps.GetValueOrDefault(name) : null) is { } cycle
            ? $"this policy would run itself forever: {string.Join(" → ", cycle)}"
            : null;
    }

    private void LogChanges(PolicySlot before, PolicySlot after)
    {
        foreach (var problem in after.Problems.Except(before.Problems))
            log.Warn(problem);
        if (after.Problems.Count > 0 && before.Problems.Count == 0 && after.Serving is { } old)
            log.Warn($"policy '{old.Name}': its last good version, {old.Hash}, keeps serving");
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
