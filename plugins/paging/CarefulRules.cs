using Actors.Sdk;

namespace Actors.Paging;

/// <summary>
/// How <c>paging:gentle</c> finds out whether a guest still needs memory that it needed before. If it does, every page that the pager takes comes back,
/// the pager takes the next one for it, and so on: it goes through the guest's memory page by page, without going lower. So it stays at a level where
/// that is far below the budget, and goes on once it has found memory that does not come back. The first step is so small that the page-ins stay
/// within the budget even if the guest touches all of its memory every three seconds. Pure.
/// </summary>
internal static class CarefulRules
{
    private const int FirstStepOfBudget = 64;
    private const int LargestStepOfBudget = 2;

    // A minute touches at most three steps.
    private const int StepsPerBudget = 4;

    private static readonly Pages SmallestStep = new(4);

    /// <summary>The size of the next step: half of what the steps so far have taken, so that the page-ins do not double.</summary>
    /// <param name="level">The level now.</param>
    /// <param name="begun">The level before the first step.</param>
    public static Pages Step(Kib level, Kib begun)
    {
        var budget = GentleRules.Budget(level).Value;
        var first = Math.Max(SmallestStep.Value, budget / FirstStepOfBudget);
        return new Pages(Math.Clamp((begun - level).ToPages().Value / 2, first, Math.Max(first, budget / LargestStepOfBudget)));
    }

    /// <summary>The page-ins during one step with which the level is too low.</summary>
    public static Pages TooMany(Kib level) => new(GentleRules.Budget(level).Value / StepsPerBudget);

    /// <summary>The page-ins during one step with which the pager stays at its level.</summary>
    public static Pages Enough(Kib level) => new(GentleRules.Budget(level).Value / StepsPerBudget / 2);

    /// <summary>Whether the guest brings so little back at a level that a step may be tried.</summary>
    public static bool MayTry(Kib level, Pages pageInsPerMinute) => pageInsPerMinute.Value <= GentleRules.Budget(level).Value / StepsPerBudget;

    /// <summary>The level at which to stay: higher if the guest brings back too much even there.</summary>
    public static Kib Stay(Kib level, Pages pageInsPerMinute) =>
        pageInsPerMinute > GentleRules.Budget(level) ? level + new Kib((long)(level.Value * GentleRules.Headroom)) : level;
}
