using Actors.Loading.Compatibility;
using Actors.Loading.Containment;
using Actors.Loading.Reload;

namespace Actors.Loading;

/// <summary>Describes the status of plugins. Pure.</summary>
internal static class PluginReport
{
    public static IReadOnlyList<PluginStatus> Of(IReadOnlyList<PluginSlot> slots, IReadOnlyList<PluginUnload> unloads)
    {
        var ids = slots.Select(slot => slot.Id).ToHashSet();
        var past = unloads.Where(unload => !ids.Contains(unload.Id)).GroupBy(unload => unload.Id);
        return [.. slots.Select(slot => Of(slot, unloads)), .. past.Select(group => OfPast(group.Key, [.. group]))];
    }

    public static PluginStatus Of(PluginSlot slot, IReadOnlyList<PluginUnload> unloads)
    {
        var older = unloads.Where(unload => unload.Id == slot.Id).ToList();
        var manifest = slot.Current?.Manifest;
        return new PluginStatus(
            slot.Id, slot.Folder, slot.Current?.Health.State ?? "refused", manifest?.Version.ToString(), manifest?.Contract.ToString(),
            manifest?.Actors ?? [], slot.Loaded, slot.Current?.Calls ?? 0, Draining(older), Leaked(older), slot.Before?.Manifest!.Version.ToString(),
            slot.Verdict.Word, slot.Current?.Health is { } health ? [.. HealthProblems(health), .. slot.SettingsProblems, .. slot.Verdict.Problems] : slot.Verdict.Problems)
        {
            LastGood = slot.FolderProblem is not null,
            Signature = (slot.Current?.Source ?? slot.Found)?.SignedBy ?? "",
            Permissions = [.. slot.Current?.Permissions?.All ?? []],
            OwnMechanisms = slot.Current?.OwnMechanisms ?? [],
            Metrics = slot.Current?.Metrics ?? [],
            Process = slot.Current?.Process,
            Faults = slot.Current?.Health.Total ?? 0,
            LastFault = slot.Current?.Health.LastFault ?? "",
        };
    }

    private static IEnumerable<string> HealthProblems(Health health) =>
        health.Quarantine is { } why ? [$"{why}; 'actors plugin reload' puts it back into service"] : [];

    private static PluginStatus OfPast(string id, List<PluginUnload> unloads)
    {
        var leaked = Leaked(unloads);
        var problem = leaked > 0 ? $"removed, but {leaked} of its versions are still in memory: {UnloadProof.LikelyCauses}" : "removed; its runs end first";
        return new PluginStatus(
            id, "", leaked > 0 ? "leaked" : "draining", null, null, [], 0, unloads.Sum(unload => unload.Calls),
            Draining(unloads), leaked, null, Verdict.WordOf(Fit.Fits), [problem]);
    }

    private static int Draining(IEnumerable<PluginUnload> unloads) =>
        unloads.Count(unload => unload.Stage is UnloadStage.Draining or UnloadStage.Unloading);

    private static int Leaked(IEnumerable<PluginUnload> unloads) => unloads.Count(unload => unload.Stage == UnloadStage.Leaked);
}
