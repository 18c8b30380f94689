using Actors.Loading.Compatibility;
using Actors.Loading.Containment;
using Actors.Loading.Reload;

namespace Actors.Loading;

/// <summary>Says how plugins stand. Pure.</summary>
internal static class PluginReport
{
    public static IReadOnlyList<PluginStatus> Of(IReadOnlyList<PluginSlot> slots, IReadOnlyList<Retirement> retirements)
    {
        var ids = slots.Select(slot => slot.Id).ToHashSet();
        var past = retirements.Where(retirement => !ids.Contains(retirement.Id)).GroupBy(retirement => retirement.Id);
        return [.. slots.Select(slot => Of(slot, retirements)), .. past.Select(group => OfPast(group.Key, [.. group]))];
    }

    public static PluginStatus Of(PluginSlot slot, IReadOnlyList<Retirement> retirements)
    {
        var older = retirements.Where(retirement => retirement.Id == slot.Id).ToList();
        var manifest = slot.Current?.Manifest;
        return new PluginStatus(
            slot.Id, slot.Folder, slot.Current?.Health.State ?? "refused", manifest?.Version.ToString(), manifest?.Contract.ToString(),
            manifest?.Actors ?? [], slot.Loaded, slot.Current?.Calls ?? 0, Draining(older), Leaked(older), slot.Before?.Manifest!.Version.ToString(),
            slot.Verdict.Word, slot.Current?.Health is { } health ? [.. HealthProblems(health), .. slot.Verdict.Problems] : slot.Verdict.Problems)
        {
            Faults = slot.Current?.Health.Total ?? 0,
            LastFault = slot.Current?.Health.LastFault ?? "",
        };
    }

    private static IEnumerable<string> HealthProblems(Health health) =>
        health.Quarantine is { } why ? [$"{why}; 'actors plugin reload' takes it back"] : [];

    private static PluginStatus OfPast(string id, List<Retirement> retirements)
    {
        var leaked = Leaked(retirements);
        var problem = leaked > 0 ? $"taken away, but {leaked} of its versions are still in memory: {UnloadProof.LikelyCauses}" : "taken away; what is under way in it ends first";
        return new PluginStatus(
            id, "", leaked > 0 ? "leaked" : "draining", null, null, [], 0, retirements.Sum(retirement => retirement.Calls),
            Draining(retirements), leaked, null, Verdict.WordOf(Fit.Fits), [problem]);
    }

    private static int Draining(IEnumerable<Retirement> retirements) =>
        retirements.Count(retirement => retirement.Stage is RetirementStage.Draining or RetirementStage.Unloading);

    private static int Leaked(IEnumerable<Retirement> retirements) => retirements.Count(retirement => retirement.Stage == RetirementStage.Leaked);
}
