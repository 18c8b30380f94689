using System.Globalization;
using Actors.Sdk;
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
            Cmma = reader.Group("cmma") is { } cmma ? Cmma(cmma) : null,
        };
        if ((hinting.Reporting is null) == (hinting.Cmma is null))
            reader.Problem(reader.At, $"'{Key}' needs one kind with its settings, such as {{ reporting: {{ order: 9 }} }}, or one word: {ScenarioTerms.Of<HintingWord>()}");
        reader.Finish();
        return hinting;
    }

    private static HintingSpec Of(HintingWord word) => word switch
    {
        HintingWord.Reporting => new HintingSpec { Reporting = new ReportingSpec() },
        HintingWord.Cmma => new HintingSpec { Cmma = new CmmaSpec() },
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
            Fragmented = reader.Parsed<double>("fragmented", "a part such as 0.4", text =>
                double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var part) && part <= 1
                    ? (part, null)
                    : (default, "expected a part of one, such as 0.4"))?.Value ?? standard.Fragmented,
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

    private static CmmaSpec Cmma(YamlReader reader)
    {
        var standard = new CmmaSpec();
        var spec = new CmmaSpec
        {
            Writeback = reader.Duration("writeback") ?? standard.Writeback,
            Extent = reader.Size("extent") ?? standard.Extent,
        };
        if (spec.Extent < new Kib(Pages.KibPerPage))
            reader.Problem(reader.Node("extent")!.At, "'extent' must be at least 4KiB");
        reader.Finish();
        return spec;
    }

    private enum HintingWord
    {
        None,
        Reporting,
        Cmma,
    }
}
