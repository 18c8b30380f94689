using Actors.Chains.Model;
using Actors.Sdk.Text;
using Actors.Yaml;

namespace Actors.Chains.Lint;

/// <summary>
/// Finds steps that work against each other while both are engaged on a domain, as discussed on xen-devel in February 2012.
/// No combination is forbidden: an operator who knows the guest may know better.
/// </summary>
internal static class Combinations
{
    private const string Balloon = "balloon";
    private const string Paging = "paging";
    private const string Sharing = "sharing";

    /// <summary>The warnings for a policy, ordered by step.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="policies">The policies that its steps can name.</param>
    /// <param name="isActor">Whether an actor has that name. An actor takes precedence over a policy of the same name.</param>
    public static IEnumerable<(Mark At, string Message)> Warnings(
        Policy policy, IReadOnlyDictionary<string, Policy> policies, Func<string, bool> isActor)
    {
        var steps = policy.Steps.SelectMany(step => Actors(step, policies, isActor, [policy.Name]).Select(actor => (step, actor))).ToList();
        for (var later = 1; later < steps.Count; later++)
        {
            var before = steps.Take(later).Where(earlier => earlier.step.Keep || ReferenceEquals(earlier.step, steps[later].step)).Select(earlier => earlier.actor).ToList();
            var messages = before.Distinct().Select(earlier => Together(earlier, steps[later].actor, before));
            foreach (var message in messages.OfType<string>())
                yield return (steps[later].step.At, message);
        }
        foreach (var warning in WithoutEffect(policy))
            yield return warning;
    }

    private static string? Together(string earlier, string later, List<string> before) => (earlier, later) switch
    {
        (Paging, Balloon) =>
            "paging before balloon means double paging: squeezed by its balloon, the guest swaps out pages that the host has already paged out, and each of "
            + "them is first read back in, only to be written again; put balloon first, or release paging before it ('keep: false')",
        (Sharing, Balloon) =>
            "sharing with balloon: a shared page that goes into the balloon frees nothing, and neither mechanism knows what the other takes; "
            + "useful only for guests that run the same image, whose read-only pages the balloon takes last",
        (Balloon, Sharing) =>
            "balloon before sharing: the balloon has already taken the free pages and the file cache, which is what guests have in common; put sharing first",
        (Sharing, Paging) when !before.Contains(Balloon) =>
            "sharing with paging and no balloon between them: the pager knows neither the guest nor which pages are shared, so it takes pages that free nothing "
            + "and breaks shares; put balloon before paging",
        (Sharing, Paging) =>
            "sharing with paging: the pager does not know which pages are shared, and paging out a shared page frees nothing; release sharing before it ('keep: false')",
        (Paging, Sharing) =>
            "paging before sharing: a page that is paged out can't be shared, and reading it back in to compare it undoes the paging; put sharing first",
        _ when earlier == later => $"'{later}' is already running when this step begins, and keeps running: the step only gives it more time",
        _ => null,
    };

    // Settings that are valid but have no effect.
    private static IEnumerable<(Mark At, string Message)> WithoutEffect(Policy policy)
    {
        foreach (var step in policy.Steps.Where(step => step.Stall >= step.Timeout))
            yield return (step.At, $"'stall' has no effect, because 'timeout' ({DurationText.Format(step.Timeout!.Value)}) ends the step first");
        if (policy.Steps[^1] is { Keep: false } last)
            yield return (last.At, "'keep: false' has no effect in the last step, because no step follows it; 'on_short: release' gives everything back when the chain ends short");
    }

    private static IEnumerable<string> Actors(
        PolicyStep step, IReadOnlyDictionary<string, Policy> policies, Func<string, bool> isActor, IEnumerable<string> outer) =>
        isActor(step.Actor) || outer.Contains(step.Actor) || policies.GetValueOrDefault(step.Actor) is not { } policy
            ? [step.Actor]
            : policy.Steps.SelectMany(inner => Actors(inner, policies, isActor, outer.Append(step.Actor)));
}
