using System.Globalization;
using Actors.Sdk;
using Actors.Sim.Specs;
using Actors.Yaml;

namespace Actors.Sim.Scenarios.Yaml;

/// <summary>Reads a workload: one phase, or a list of phases.</summary>
internal sealed class WorkloadYaml(string folder)
{
    public WorkloadSpec Read(YamlReader reader)
    {
        var noise = reader.Parsed<double>("noise", "a part such as 0.1", text =>
            double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var part) && part < 1
                ? (part, null)
                : (default, "expected a part of one, such as 0.1"))?.Value ?? 0;
        var phases = reader.Node("phases") is null ? [Phase(reader)] : reader.Groups("phases").Select(phase =>
        {
            var read = Phase(phase) with { Duration = phase.Duration("for") };
            phase.Finish();
            return read;
        }).ToList();
        if (phases.Count == 0)
            reader.Problem(reader.At, "'phases' needs at least one phase");
        var begun = reader.Duration("begun_within") ?? TimeSpan.Zero;
        reader.Finish();
        return new WorkloadSpec { Phases = phases, Noise = noise, BegunWithin = begun };
    }

    private WorkloadPhase Phase(YamlReader reader)
    {
        var standard = new WorkloadPhase();
        return new WorkloadPhase
        {
            WorkingSet = Shape(reader, "working_set"),
            ColdSet = Shape(reader, "cold_set"),
            FileCache = Shape(reader, "file_cache"),
            FileReads = reader.Rate("file_reads"),
            FileWrites = reader.Rate("file_writes"),
            DropsCache = reader.Flag("drops_cache") ?? standard.DropsCache,
            TouchRate = reader.Rate("touch_rate") ?? standard.TouchRate,
            AllocationRate = reader.Rate("allocation_rate"),
            TlbMisses = TlbMisses(reader) ?? standard.TlbMisses,
        };
    }

    private static int? TlbMisses(YamlReader reader)
    {
        var misses = reader.Integer("tlb_misses");
        if (misses < 0)
            reader.Problem(reader.Node("tlb_misses")!.At, "'tlb_misses' cannot be negative");
        return misses;
    }

    /// <summary>Reads a size, or a group that describes how it changes with time.</summary>
    private Shape Shape(YamlReader reader, string key)
    {
        if (reader.Node(key) is null or YamlText)
            return reader.Size(key) is { } amount ? new ConstantShape(amount) : Specs.Shape.Nothing;
        if (reader.Group(key) is not { } group)
            return Specs.Shape.Nothing;
        group.Demand("shape", $": {ScenarioTerms.Of<ShapeWord>()}");
        Shape shape = group.Choice<ShapeWord>("shape") switch
        {
            ShapeWord.Step => new StepShape(Amount(group, "before"), Amount(group, "after"), Length(group, "at")),
            ShapeWord.Sine => new SineShape(Amount(group, "least"), Amount(group, "most"), Length(group, "period")),
            ShapeWord.Days => new DayNightShape(Amount(group, "day"), Amount(group, "night")),
            ShapeWord.Csv => Recorded(group),
            _ => Specs.Shape.Nothing,
        };
        group.Finish();
        return shape;
    }

    private static Kib Amount(YamlReader group, string key)
    {
        group.Demand(key);
        return group.Size(key) ?? Kib.Zero;
    }

    private static TimeSpan Length(YamlReader group, string key)
    {
        group.Demand(key);
        var length = group.Duration(key);
        if (length == TimeSpan.Zero)
            group.Problem(group.Node(key)!.At, $"'{key}' must be longer than zero");
        return length ?? TimeSpan.FromSeconds(1);
    }

    private Shape Recorded(YamlReader group)
    {
        var interval = group.Node("interval") is null ? default(TimeSpan?) : Length(group, "interval");
        if (group.Required("file") is not { } name)
            return Specs.Shape.Nothing;
        return new RecordedShape(group.Recording("file", Path.Combine(folder, name), (lines, problems) => RecordedCsv.Parse(lines, interval, problems)) ?? []);
    }

    private enum ShapeWord
    {
        Step,
        Sine,
        Days,
        Csv,
    }
}
