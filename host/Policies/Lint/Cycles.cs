namespace Actors.Host.Policies.Lint;

/// <summary>Policies whose steps lead back to themselves. Pure.</summary>
internal static class Cycles
{
    /// <summary>The way from a step of a policy back to that policy, as <c>a → b → a</c>; <see langword="null"/> when there is none.</summary>
    /// <param name="policy">Where it begins.</param>
    /// <param name="first">The name that the step gives.</param>
    /// <param name="stepsOf">The names that a policy's steps give; none for an actor.</param>
    public static string? Through(string policy, string first, Func<string, IEnumerable<string>> stepsOf)
    {
        var seen = new HashSet<string>();
        IEnumerable<string>? Way(string name)
        {
            if (name == policy)
                return [name];
            return seen.Add(name) ? stepsOf(name).Select(Way).FirstOrDefault(way => way is not null)?.Prepend(name) : null;
        }
        return Way(first) is { } way ? string.Join(" → ", way.Prepend(policy)) : null;
    }
}
