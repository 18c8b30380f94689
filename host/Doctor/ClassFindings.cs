using Actors.Dispatch.Registry;
using Actors.Sdk.Text;

namespace Actors.Host.Doctor;

/// <summary>Shows which domains belong to which class, and which classes have no effect. Pure.</summary>
internal static class ClassFindings
{
    private const string Subject = "classes";
    private const int MaxNames = 10;
    private const int MaxName = 64;

    /// <param name="classes">The classes that the daemon uses.</param>
    /// <param name="domains">The domains with their names and UUIDs.</param>
    public static IEnumerable<DoctorFinding> Of(DomainClasses classes, IReadOnlyList<(int Domid, string Name, Guid Uuid)> domains)
    {
        // Dom0 belongs to no class.
        var guests = domains.Where(domain => domain.Domid != 0).ToList();
        foreach (var one in classes.All)
        {
            var matched = guests.Where(domain => one.Matches(domain.Name, domain.Uuid)).ToList();
            var owners = matched.Select(domain => classes.Find(domain.Domid, domain.Name, domain.Uuid)!).ToList();
            var own = matched.Where((_, index) => owners[index] == one).ToList();
            var earlier = owners.Where(owner => owner != one).Distinct().Select(owner => $"'{owner.Match}'").ToList();
            var shadowed = earlier.Count == 0 ? "" : $"{Count.Of(matched.Count - own.Count, "domain")} that it matches {(matched.Count - own.Count == 1 ? "belongs" : "belong")} to the earlier class {string.Join(" or ", earlier)}";
            yield return (own.Count, earlier.Count) switch
            {
                (0, 0) => new DoctorFinding(Subject, FindingStatus.Missing, $"{one} matches no domain", "nothing to do if its domains do not run now; else check the name with 'actors list' (case matters)"),
                (0, _) => new DoctorFinding(Subject, FindingStatus.Missing, $"{one} has no effect: {shadowed}", "the first class that matches counts: move this one up, or narrow the earlier one"),
                (_, 0) => DoctorFinding.Ok(Subject, $"{one}: {Names(own)}"),
                _ => DoctorFinding.Ok(Subject, $"{one}: {Names(own)}; {shadowed}"),
            };
        }
    }

    private static string Names(List<(int Domid, string Name, Guid Uuid)> domains)
    {
        var names = domains.Take(MaxNames).Select(domain => domain.Name.Length == 0 ? $"domain {domain.Domid}" : $"{Printable.Of(domain.Name, MaxName)} ({domain.Domid})");
        return string.Join(", ", names) + (domains.Count > MaxNames ? $" and {domains.Count - MaxNames} more" : "");
    }
}
