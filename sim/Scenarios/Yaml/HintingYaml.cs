using Actors.Sim.Specs;
using Actors.Yaml;

namespace Actors.Sim.Scenarios.Yaml;

/// <summary>Reads what a guest reports about its pages: one word, or a group with one word and its settings.</summary>
internal static class HintingYaml
{
    private const string Key = "hinting";

    public static HintingSpec Read(YamlReader guest)
    {
        if (guest.Node(Key) is null or YamlText)
            return Of(guest.Choice<HintingWord>(Key) ?? HintingWord.None);
        if (guest.Group(Key) is not { } reader)
            return new HintingSpec();
        var hinting = new HintingSpec
        {
            Reporting = reader.Group("reporting") is { } reporting ? Reporting(reporting) : null,
        };
        if (hinting == new HintingSpec())
            reader.Problem(reader.At, $"'{Key}' needs a kind and its settings, such as {{ reporting: {{ order: 9 }} }}, or one word: {ScenarioTerms.Of<HintingWord>()}");
        reader.Finish();
        return hinting;
    }

    private static HintingSpec Of(HintingWord word) => word switch
    {
        HintingWord.Reporting => new HintingSpec { Reporting = new ReportingSpec() },
        _ => new HintingSpec(),
    };

    private static ReportingSpec Reporting(YamlReader reader)
    {
        var standard = new ReportingSpec();
        var spec = new ReportingSpec
        {
            Order = reader.Integer("order") ?? standard.Order,
            Delay = reader.Duration("delay") ?? standard.Delay,
            Capacity = reader.Integer("capacity") ?? standard.Capacity,
        };
        if (spec.Order is < 0 or > ReportingSpec.LargestOrder)
            reader.Problem(reader.Node("order")!.At, $"'order' is the smallest block that is reported, from 0 (4 KiB) to {ReportingSpec.LargestOrder} (4 MiB)");
        if (spec.Delay <= TimeSpan.Zero)
            reader.Problem(reader.Node("delay")!.At, "'delay' must be longer than zero");
        if (spec.Capacity < 1)
            reader.Problem(reader.Node("capacity")!.At, "'capacity' is the number of blocks in a batch, at least 1");
        reader.Finish();
        return spec;
    }

    private enum HintingWord
    {
        None,
        Reporting,
    }
}
