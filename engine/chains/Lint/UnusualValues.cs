using Actors.Chains.Model;
using Actors.Sdk;
using Actors.Sdk.Text;
using Actors.Yaml;

namespace Actors.Chains.Lint;

/// <summary>Finds values that are valid but so large or so small that they are probably a mistake.</summary>
internal static class UnusualValues
{
    private static readonly Kib LargeTolerance = Kib.FromMiB(64);
    private static readonly TimeSpan ShortTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortRetry = TimeSpan.FromSeconds(5);

    /// <summary>The warnings for a policy, ordered by key.</summary>
    public static IEnumerable<(Mark At, string Message)> Warnings(Policy policy)
    {
        if (policy.Tolerance >= LargeTolerance || policy.Tolerance >= policy.Floor)
        {
            yield return (policy.ToleranceAt,
                $"a tolerance of {policy.Tolerance} is as large as the memory of a small domain: its targets would count as reached before anything "
                + "has moved; a few MiB are enough");
        }
        if (policy.OnShort.RetryAfter < ShortRetry)
        {
            yield return (policy.OnShortAt,
                $"a retry after {DurationText.Format(policy.OnShort.RetryAfter.Value)} leaves the guest no time to free memory; "
                + $"use {DurationText.Format(ShortRetry)} or more");
        }
        foreach (var step in policy.Steps.Where(step => step.Timeout < ShortTimeout))
        {
            yield return (step.At,
                $"a timeout of {DurationText.Format(step.Timeout!.Value)} ends the step before a guest can react; use {DurationText.Format(ShortTimeout)} or more");
        }
    }
}
