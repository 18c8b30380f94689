namespace Actors.Dispatch.Registry;

/// <summary>What an actor would do.</summary>
/// <param name="Steps">The steps in the order in which they would be tried, each only while those before it fall short.</param>
/// <param name="Notes">The assumptions, and what would follow the steps.</param>
internal sealed record RunPreview(IReadOnlyList<StepPreview> Steps, IReadOnlyList<string> Notes)
{
    /// <summary>The steps that would be tried.</summary>
    public IEnumerable<StepPreview> Tried => Steps.Where(step => step.Verdict == StepPreview.Tries);

    public override string ToString() => Tried.Any() ? string.Join(", then ", Tried) : "nothing";
}
