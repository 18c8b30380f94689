using Actors.Sdk;
using Actors.Sim.Replays;
using Actors.Sim.Specs;
using Actors.Yaml;

namespace Actors.Sim.Scenarios.Yaml;

/// <summary>Reads a scenario from YAML.</summary>
internal static class ScenarioYaml
{
    /// <summary>Parses a scenario; <see langword="null"/> when it has errors, which are all added to the problems.</summary>
    public static Scenario? Parse(string text, string folder, YamlProblems problems)
    {
        if (YamlFile.Parse(text, problems) is not { } map)
            return null;
        var reader = new YamlReader(map, problems);
        var world = World(reader, folder);
        var scenario = world with
        {
            Expectations = [.. reader.Groups("expect").Select(expectation => ExpectationYaml.Read(expectation, world.DomainNames))],
        };
        reader.Finish();
        return problems.Any ? null : scenario;
    }

    /// <summary>Reads everything except the expectations. The caller finishes the reader.</summary>
    public static Scenario World(YamlReader reader, string folder)
    {
        var host = reader.Group("host") is { } group ? Host(group) : new HostSpec();
        var domains = new DomainYaml(new WorkloadYaml(folder), host);
        var recorded = RecordingYaml.Read(reader, folder, domains);
        if (recorded is not null)
            host = WithRecorded(host, recorded, reader.Node("host") as YamlMap);
        List<DomainSpec> specs = [.. recorded?.Domains ?? [], .. reader.Groups("domains").SelectMany(domains.Read)];
        var names = specs.Select(spec => spec.Name).Concat(recorded?.Events.Select(happening => happening.Domain) ?? []);
        IEnumerable<ScenarioEvent> events = [.. recorded?.Events ?? [], .. new EventYaml(domains, names, host).Read(reader.Groups("events"))];
        var needed = specs.Aggregate(host.Dom0Memory, (sum, spec) => sum + spec.Memory);
        if (needed > host.Memory && !host.Overcommit)
            reader.Problem(reader.At, $"the host has {host.Memory}, and its domains need {needed} with dom0's {host.Dom0Memory}: raise 'host: {{ memory }}'");
        var world = new Scenario { Host = host, Domains = specs, Events = [.. events.OrderBy(happening => happening.At)], Expectations = [] };
        if (WorldSize.Problem(world) is { } tooLarge)
            reader.Problem(reader.At, tooLarge);
        return world;
    }

    // What the scenario says about the host goes before what was recorded.
    private static HostSpec WithRecorded(HostSpec host, RecordedWorld recorded, YamlMap? given) => host with
    {
        Memory = Has(given, "memory") ? host.Memory : recorded.HostMemory ?? host.Memory,
        Dom0Memory = Has(given, "dom0_memory") ? host.Dom0Memory : recorded.Dom0Memory ?? host.Dom0Memory,
    };

    private static bool Has(YamlMap? map, string key) => map?.Entries.Any(entry => entry.Key == key) ?? false;

    private static HostSpec Host(YamlReader reader)
    {
        var standard = new HostSpec();
        var host = new HostSpec
        {
            Memory = reader.Size("memory") ?? standard.Memory,
            Dom0Memory = reader.Size("dom0_memory") ?? standard.Dom0Memory,
            Seed = reader.Integer("seed") is { } seed ? new Seed(seed) : standard.Seed,
            Paging = reader.Flag("paging") ?? standard.Paging,
            PagingRate = reader.Rate("paging_rate") ?? standard.PagingRate,
            PageInRate = reader.Rate("page_in_rate"),
            PagingDisk = reader.Size("paging_disk"),
            Sharing = reader.Flag("sharing") ?? standard.Sharing,
            SharingRate = reader.Rate("sharing_rate") ?? standard.SharingRate,
            XenVersion = reader.Parsed("xen_version", "a version such as 4.12", XenVersion)?.Value ?? standard.XenVersion,
            Tmem = reader.Flag("tmem") ?? standard.Tmem,
            Overcommit = reader.Flag("overcommit") ?? standard.Overcommit,
            DiscardUnit = DiscardUnit(reader) ?? standard.DiscardUnit,
            Monitor = reader.Group("monitor") is { } monitor ? Monitor(monitor) : null,
            Superpages = reader.Flag("superpages") ?? standard.Superpages,
            Hap2Mb = reader.Flag("hap_2mb") ?? standard.Hap2Mb,
            LlcColoring = reader.Flag("llc_coloring") ?? standard.LlcColoring,
            Nodes = reader.Integer("nodes") ?? standard.Nodes,
            ClaimSets = reader.Flag("claim_sets") ?? standard.ClaimSets,
            MigrationRate = reader.Rate("migration_rate") ?? standard.MigrationRate,
            ToolstackStep = reader.Duration("toolstack_step") ?? standard.ToolstackStep,
            Costs = reader.Group("costs") is { } costs ? Costs(costs) : standard.Costs,
        };
        if (host.Nodes is < 1 or > 64)
            reader.Problem(reader.Node("nodes")!.At, "a host has from 1 to 64 nodes");
        if (host.LlcColoring && host.XenVersion < ClaimRules.Coloring)
            reader.Problem(reader.Node("llc_coloring")!.At, $"Xen colours caches from {ClaimRules.Coloring} on: raise 'xen_version', {host.XenVersion}");
        reader.Finish();
        return host;
    }

    private static Kib? DiscardUnit(YamlReader reader)
    {
        var unit = reader.Size("discard_unit");
        if (unit is not null && unit != new Kib(4) && unit != Kib.FromMiB(2))
            reader.Problem(reader.Node("discard_unit")!.At, "'discard_unit' is the least that the host discards in one piece: 4KiB or 2MiB");
        return unit;
    }

    private static MonitorSpec Monitor(YamlReader reader)
    {
        var standard = new MonitorSpec();
        var monitor = new MonitorSpec
        {
            Every = reader.Duration("every") ?? standard.Every,
            KeepFree = reader.Size("keep_free") ?? standard.KeepFree,
        };
        if (monitor.Every <= TimeSpan.Zero)
            reader.Problem(reader.Node("every")!.At, "'every' must be longer than zero");
        reader.Finish();
        return monitor;
    }

    private static CostSpec Costs(YamlReader reader)
    {
        var standard = new CostSpec();
        var costs = new CostSpec
        {
            DiskRead = reader.CpuTime("disk_read") ?? standard.DiskRead,
            DiskWrite = reader.CpuTime("disk_write") ?? standard.DiskWrite,
            DiscardFault = reader.CpuTime("discard_fault") ?? standard.DiscardFault,
            PageState = reader.CpuTime("page_state") ?? standard.PageState,
            FileRead = reader.CpuTime("file_read") ?? standard.FileRead,
            Populate = reader.CpuTime("populate") ?? standard.Populate,
            PageCopy = reader.CpuTime("page_copy") ?? standard.PageCopy,
            PageWalk = reader.CpuTime("page_walk") ?? standard.PageWalk,
            Inflate = reader.CpuTime("inflate") ?? standard.Inflate,
            Deflate = reader.CpuTime("deflate") ?? standard.Deflate,
            InflateSuperpage = reader.CpuTime("inflate_superpage") ?? standard.InflateSuperpage,
            DeflateSuperpage = reader.CpuTime("deflate_superpage") ?? standard.DeflateSuperpage,
        };
        reader.Finish();
        return costs;
    }

    private static (Version, string?) XenVersion(string text) => Version.TryParse(text, out var version)
        ? (version, null)
        : (new HostSpec().XenVersion, "expected a version such as 4.12");
}
