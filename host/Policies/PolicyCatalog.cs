using Actors.Host.Dispatch;
using Actors.Host.Policies.Yaml;
using Actors.Yaml;

namespace Actors.Host.Policies;

/// <summary>All policies in a folder. A broken file is told about and stops no other.</summary>
internal sealed record PolicyCatalog(IReadOnlyList<Policy> Policies, IReadOnlyList<string> Problems)
{
    public static PolicyCatalog Load(string folder)
    {
        if (!Directory.Exists(folder))
            return new PolicyCatalog([], [$"{folder}: there is no such folder, so no policy is loaded"]);
        var policies = new List<Policy>();
        var found = new List<string>();
        foreach (var file in PolicyFile.In(folder).Where(file => PolicyFile.KindOf(file) == PolicyFileKind.Chain))
        {
            var problems = new YamlProblems(file);
            if (PolicyText.Read(file, problems) is { } text && PolicyYaml.Parse(PolicyFile.NameOf(file), text, problems) is { } policy)
                policies.Add(policy);
            found.AddRange(problems.InOrder.Select(problem => problem.ToString()));
        }
        return new PolicyCatalog(policies, found);
    }

    public IEnumerable<ActorEntry> Entries(ActorDirectory directory) => Policies.Select(policy =>
        new ActorEntry(policy.Name, new PolicyActor(policy, directory)) { IsPolicy = true, Floor = policy.Floor, Tolerance = policy.Tolerance });

    /// <summary>Steps that name nobody: the policy is served all the same, because a plugin may come later.</summary>
    public IEnumerable<string> Warnings(ActorDirectory directory) =>
        from policy in Policies
        from step in policy.Steps
        where directory.FindActor(step.Actor) is null
        select $"policy '{policy.Name}': {directory.NoSuchActor(step.Actor)}";
}
