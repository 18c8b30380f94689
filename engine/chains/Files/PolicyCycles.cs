namespace Actors.Chains.Files;

/// <summary>A policy that would run itself. Pure.</summary>
internal static class PolicyCycles
{
    /// <summary>
    /// The way from a policy back to itself, or <see langword="null"/>. Its own name as its own step is the actor of that name, and no cycle.
    /// </summary>
    /// <param name="name">Where to begin.</param>
    /// <param name="steps">The steps of a policy; <see langword="null"/> for an actor.</param>
    public static IReadOnlyList<string>? Find(string name, Func<string, IReadOnlyList<string>?> steps) => Find([name], [], steps);

    private static IReadOnlyList<string>? Find(List<string> path, HashSet<string> seen, Func<string, IReadOnlyList<string>?> steps)
    {
        foreach (var step in steps(path[^1]) ?? [])
        {
            if (step == path[^1])
                continue;
            if (step == path[0])
                return [.. path, step];
            if (seen.Add(step) && Find([.. path, step], seen, steps) is { } cycle)
                return cycle;
        }
        return null;
    }
}
