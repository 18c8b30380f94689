namespace Actors.Chains.Files;

/// <summary>Finds policies that would run themselves. Pure.</summary>
internal static class PolicyCycles
{
    /// <summary>
    /// The path from a policy back to itself, or <see langword="null"/>. A step with the name of its own policy means the actor of that name and is not a cycle.
    /// </summary>
    /// <param name="name">The policy to begin with.</param>
    /// <param name="steps">Returns the steps of a policy; <see langword="null"/> for an actor.</param>
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
