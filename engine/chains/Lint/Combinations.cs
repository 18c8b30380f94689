using Actors.Chains.Model;
using Actors.Sdk.Text;
using Actors.Yaml;

namespace Actors.Chains.Lint;

/// <summary>
/// Steps that work against each other when they hold a domain at the same time, as the thread on xen-devel of February 2012 has it.
/// None is forbidden: whoever knows the guest may know better.
/// </summary>
internal static class Combinations
{
    private const string Balloon = "balloon";
    private const string Paging = "paging";
    private const string Sharing = "sharing";

    /// <summary>The warnings for a policy, in the order of its steps.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="policies">Those that its steps may name.</param>
    /// <param name="isActor">Whether a name is an actor's; an actor goes before a policy of its name.</param>
    public static IEnumerable<(Mark At, string Message)> Warnings(
        Policy policy, IReadOnlyDictionary<string, Policy> policies, Func<string, bool> isActor)
    {
        var steps = policy.Steps.SelectMany(step => Actors(step, policies, isActor, [policy.Name]).Select(actor => (step, actor))).ToList();
        for (var later = 1; later < steps.Count; later++)
        {
            var before = steps.Take(later).Where(earlier => earlier.step.Keep || ReferenceEquals(earlier.step, steps[later].step)).Select(earlier => earlier.actor).ToList();
            var told = before.Distinct().Select(earlier => Together(earlier, steps[later].actor, before));
            foreach (var message in told.OfType<string>())
                yield return (steps[later].step.At, message);
        }
        foreach (var warning in Idle(policy))
            yield return warning;
    }

    private static string? Together(string earlier, string later, List<string> before) => (earlier, later) switch
    {
        (Paging, Balloon) =>
            "paging before balloon means double paging: squeezed by its balloon, the guest swaps out what the host has paged out already, and each such "
            + "page is first read in to be written again; put balloon first, or let go of paging before it ('keep: false')",
        (Sharing, Balloon) =>
            "sharing with balloon: a shared page that goes into the balloon frees nothing, and neither side knows what the other takes; "
            + "worth it only for guests of one image, whose read-only pages the balloon takes last",
        (Balloon, Sharing) =>
            "balloon before sharing: the balloon has taken the free pages and the file cache, which were what guests have in common; put sharing first",
        (Sharing, Paging) when !before.Contains(Balloon) =>
            "sharing with paging and no balloon between: the pager knows neither the guest nor what is shared, so it takes pages that free nothing "
            + "and breaks shares; put balloon before paging",
        (Sharing, Paging) =>
            "sharing with paging: the pager doesn't know what is shared, and a shared page that it takes frees nothing; let go of sharing before it ('keep: false')",
        (Paging, Sharing) =>
            "paging before sharing: a page that is paged out can't be shared, and reading it in to compare it undoes the paging; put sharing first",
        _ when earlier == later => $"'{later}' is at work already when this step begins, and stays at work: the step only gives it more time",
        _ => null,
    };

    // What is allowed, and does nothing.
    private static IEnumerable<(Mark At, string Message)> Idle(Policy policy)
    {
        foreach (var step in policy.Steps.Where(step => step.Stall >= step.Timeout))
            yield return (step.At, $"'stall' has no effect: 'timeout', {DurationText.Format(step.Timeout!.Value)}, is over first");
        if (policy.Steps[^1] is { Keep: false } last)
            yield return (last.At, "'keep: false' has no effect in the last step: no later one takes over; 'on_short: release' gives back what a chain holds that ended short");
    }

    private static IEnumerable<string> Actors(
        PolicyStep step, IReadOnlyDictionary<string, Policy> policies, Func<string, bool> isActor, IEnumerable<string> above) =>
        isActor(step.Actor) || above.Contains(step.Actor) || policies.GetValueOrDefault(step.Actor) is not { } policy
            ? [step.Actor]
            : policy.Steps.SelectMany(inner => Actors(inner, policies, isActor, above.Append(step.Actor)));
}
