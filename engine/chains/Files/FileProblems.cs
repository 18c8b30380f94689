namespace Actors.Chains.Files;

/// <summary>Finds the broken file, if any, on which each policy depends. Pure.</summary>
internal static class FileProblems
{
    /// <summary>The first problem of each policy: of its own file, or of a policy that is one of its steps.</summary>
    /// <param name="slots">The files of the folder.</param>
    /// <param name="isActor">Whether an actor has a name. As a step, the actor takes precedence over the policy.</param>
    public static IReadOnlyDictionary<string, string> Of(IReadOnlyList<PolicySlot> slots, Func<string, bool> isActor)
    {
        // Of two files for one policy, the one that serves counts.
        var byName = slots.GroupBy(slot => slot.Name).ToDictionary(group => group.Key, group => group.FirstOrDefault(slot => slot.Serving is not null) ?? group.First());
        var problems = new Dictionary<string, string>();
        foreach (var name in byName.Keys)
        {
            if (Find(name, byName, isActor, [name]) is { } problem)
                problems[name] = problem;
        }
        return problems;
    }

    private static string? Find(string name, Dictionary<string, PolicySlot> slots, Func<string, bool> isActor, HashSet<string> seen)
    {
        if (slots.GetValueOrDefault(name) is not { } slot)
            return null;
        return slot.FirstProblem ?? slot.Serving?.Steps.Where(step => !isActor(step) && seen.Add(step))
            .Select(step => Find(step, slots, isActor, seen)).FirstOrDefault(problem => problem is not null);
    }
}
