using Actors.Sdk;
using Actors.Sim.Specs;
using Actors.Yaml;

namespace Actors.Sim.Scenarios.Yaml;

/// <summary>Reads the programs of a guest that deal with its memory: what reports on it, and what balloons it.</summary>
internal static class GuestAgentYaml
{
    /// <summary>Reads an interval, or a group of settings.</summary>
    public static ReportSpec? Reports(YamlReader guest)
    {
        if (guest.Node("reports") is null or YamlText)
            return guest.Interval("reports") is { } interval ? new ReportSpec { Every = interval } : null;
        if (guest.Group("reports") is not { } reader)
            return null;
        var writer = reader.Choice<ReportWriter>("like") ?? ReportWriter.Agent;
        if (writer == ReportWriter.Agent)
            reader.Demand("every", ": how often the guest reports, such as 10s");
        var reports = new ReportSpec
        {
            Every = reader.Interval("every") ?? ReportSpec.QubesLooks,
            Writer = writer,
            Factor = reader.Factor("factor") ?? 1,
        };
        reader.Finish();
        return reports;
    }

    /// <summary>Reads the name of a law, or a group of settings.</summary>
    public static SelfBalloonSpec? SelfBalloon(YamlReader guest)
    {
        if (guest.Node("selfballoon") is null or YamlText)
            return guest.Choice<SelfBalloonLaw>("selfballoon") is { } law ? new SelfBalloonSpec { Law = law } : null;
        if (guest.Group("selfballoon") is not { } reader)
            return null;
        reader.Demand("like", $": {ScenarioTerms.Of<SelfBalloonLaw>()}");
        var spec = new SelfBalloonSpec
        {
            Law = reader.Choice<SelfBalloonLaw>("like") ?? SelfBalloonLaw.Kernel,
            Floor = reader.Choice<SelfBalloonFloor>("floor"),
            MinUsable = reader.Size("min_usable"),
            Reserved = reader.Size("reserved") ?? Kib.Zero,
            On = reader.Flag("on") ?? true,
        };
        var kernelFloor = (spec.Floor ?? (spec.Law == SelfBalloonLaw.Kernel ? SelfBalloonFloor.Kernel : null)) == SelfBalloonFloor.Kernel;
        if (spec.MinUsable is not null && !kernelFloor)
            reader.Problem(reader.Node("min_usable")!.At, "'min_usable' belongs to the floor 'kernel'");
        if (reader.Node("reserved") is { } reserved && spec.Law != SelfBalloonLaw.Kernel)
            reader.Problem(reserved.At, "'reserved' belongs to the law 'kernel'");
        reader.Finish();
        return spec;
    }
}
