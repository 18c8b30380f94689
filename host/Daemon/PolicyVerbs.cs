using System.Text.Json;
using Actors.Cli.Control;
using Actors.Dispatch.Registry;

namespace Actors.Host.Daemon;

/// <summary>The request behind <c>actors policy list</c>.</summary>
internal static class PolicyVerbs
{
    public static ControlAnswer Answer(IReadOnlyList<PolicyStatus> statuses, ActorDirectory directory)
    {
        string? Shadow(string name) => directory.FindPolicy(name) is { Shadow: true } ? "file" : directory.AlsoShadows.Contains(name) ? "run" : null;
        IReadOnlyList<ListedPolicy> list = [.. statuses.Select(status => new ListedPolicy(status, status.Name == directory.DefaultPolicy, Shadow(status.Name)))];
        return ControlAnswer.Ok(JsonSerializer.SerializeToElement(list, PolicyStatusJson.Default.IReadOnlyListListedPolicy));
    }
}
