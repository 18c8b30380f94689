namespace Actors.Dispatch.Domains;

/// <summary>The names of steps, as a run reports them.</summary>
internal static class StepNames
{
    /// <summary>The steps that did the work themselves. A nested policy is reported after its own steps, and is left out.</summary>
    public static IReadOnlyList<string> Leaves(IEnumerable<string> names)
    {
        string[] all = [.. names];
        return [.. all.Where((name, index) => !all.Take(index).Any(inner => inner.StartsWith(name + "/", StringComparison.Ordinal)))];
    }
}
