using Actors.Sdk;
using Actors.Sim.Specs;
using Actors.Yaml;

namespace Actors.Sim.Scenarios.Yaml;

/// <summary>Reads the domains of a scenario and remembers their names.</summary>
internal sealed class DomainYaml(WorkloadYaml workloads, HostSpec host)
{
    private readonly HashSet<string> _names = ["Domain-0"];

    public IReadOnlyCollection<string> Names => _names;

    /// <summary>Adds a domain that is described elsewhere.</summary>
    public void Add(string name) => _names.Add(name);

    /// <summary>Reads a domain that is created later.</summary>
    public DomainSpec ReadOne(YamlReader reader)
    {
        var specs = Read(reader);
        if (specs.Count > 1)
            reader.Problem(reader.Node("count")!.At, "'count' belongs to domains that exist from the start");
        return specs[0];
    }

    /// <summary>Reads a domain; with <c>count</c>, so many domains that are alike.</summary>
    public IReadOnlyList<DomainSpec> Read(YamlReader reader)
    {
        var name = reader.Required("name") ?? "";
        var names = NamesOf(reader, name);
        foreach (var each in names.Where(each => each.Length > 0 && !_names.Add(each)))
            reader.Problem(reader.Node("name")!.At, $"a domain named {each} already exists");
        var memory = reader.Size("memory");
        reader.Demand("memory");
        var standard = new DomainSpec { Name = name, Memory = memory ?? Kib.Zero };
        var domain = standard with
        {
            Kind = reader.Choice<DomainKind>("kind") ?? standard.Kind,
            StaticMax = reader.Size("static_max"),
            Uuid = reader.Parsed<Guid>("uuid", "a UUID", text => Guid.TryParse(text, out var uuid) ? (uuid, null) : (default, "expected a UUID"))?.Value,
            Hap = reader.Flag("hap") ?? standard.Hap,
            PopulateOnDemand = reader.Flag("pod") ?? standard.PopulateOnDemand,
            Passthrough = reader.Flag("passthrough") ?? standard.Passthrough,
            OtherPager = reader.Flag("other_pager") ?? standard.OtherPager,
            SharingGroup = reader.Text("sharing_group"),
            Node = reader.Integer("node"),
            BootTime = reader.Duration("boot") ?? standard.BootTime,
            Guest = Guest(reader.Group("guest"), reader.Group("workload")),
        };
        if (domain.StaticMax < memory)
            reader.Problem(reader.Node("static_max")!.At, $"'static_max' is below 'memory', {memory}");
        if (domain.Node < 0 || domain.Node >= host.Nodes)
            reader.Problem(reader.Node("node")!.At, host.Nodes == 1 ? "'node' has no effect: add 'host: { nodes: 2 }'" : $"the host has {host.Nodes} nodes, from 0");
        if (host.Superpages && domain.Most > MostWithSuperpages)
            reader.Problem(reader.At, $"where superpages are simulated, a domain has at most {MostWithSuperpages}");
        if (memory < DomainSpec.Smallest)
            reader.Problem(reader.Node("memory")!.At, $"a domain needs at least {DomainSpec.Smallest}");
        if (domain.Uuid is not null && names.Count > 1)
            reader.Problem(reader.Node("uuid")!.At, "'uuid' belongs to one domain, and 'count' makes several");
        reader.Finish();
        return [.. names.Select(each => domain with { Name = each })];
    }

    private static IReadOnlyList<string> NamesOf(YamlReader reader, string name)
    {
        if (reader.Integer("count") is not { } count)
            return [name];
        if (count is < 1 or > 100_000)
            reader.Problem(reader.Node("count")!.At, "'count' must be from 1 to 100000");
        return [.. Enumerable.Range(1, Math.Clamp(count, 1, 100_000)).Select(number => $"{name}-{number}")];
    }

    private static Kib MostWithSuperpages => Kib.FromGiB(4096);

    /// <summary>Reads a guest.</summary>
    public GuestSpec Guest(YamlReader? reader, YamlReader? workload)
    {
        var guest = new GuestSpec { Workload = workload is null ? new WorkloadSpec() : workloads.Read(workload) };
        if (reader is null)
            return guest;
        guest = guest with
        {
            Balloon = Balloon(reader),
            Hinting = HintingYaml.Read(reader),
            Swap = reader.Size("swap") ?? Kib.Zero,
            Kernel = reader.Size("kernel"),
            DiesBelow = reader.Size("dies_below"),
            Reports = GuestAgentYaml.Reports(reader),
            SelfBalloon = GuestAgentYaml.SelfBalloon(reader),
            Contents = reader.Group("contents") is { } contents ? Contents(contents) : guest.Contents,
            Tmem = reader.Group("tmem") is { } tmem ? Tmem(tmem) : guest.Tmem,
            HugePages = reader.Flag("huge_pages") ?? guest.HugePages,
            ContiguousTables = reader.Flag("contiguous_tables") ?? guest.ContiguousTables,
            Vcpus = reader.Integer("vcpus") ?? guest.Vcpus,
        };
        if (guest.SelfBalloon is not null && guest.Balloon.Behaviour != BalloonBehaviour.Moves)
            reader.Problem(reader.Node("selfballoon")!.At, "'selfballoon' needs a balloon that moves");
        if (guest.Vcpus < 1)
            reader.Problem(reader.Node("vcpus")!.At, "'vcpus' must be at least 1");
        NeedSuperpages(reader, "huge_pages", "contiguous_tables");
        reader.Finish();
        return guest;
    }

    private BalloonSpec Balloon(YamlReader guest)
    {
        var standard = new BalloonSpec();
        // One word, or a group of settings.
        if (guest.Node("balloon") is YamlText)
            return standard with { Behaviour = guest.Choice<BalloonBehaviour>("balloon") ?? standard.Behaviour };
        if (guest.Group("balloon") is not { } reader)
            return standard;
        var balloon = standard with
        {
            Rate = reader.Rate("rate") ?? standard.Rate,
            DeflateRate = reader.Rate("deflate_rate"),
            Driver = reader.Choice<BalloonDriverKind>("driver") ?? standard.Driver,
            Pages = reader.Choice<BalloonPages>("pages") ?? standard.Pages,
            Floor = reader.Size("floor"),
            StopsAt = reader.Size("stops_at"),
            Hotplug = reader.Flag("hotplug") ?? standard.Hotplug,
            SleepsFor = reader.Interval("sleeps_for"),
            OnePageEvery = reader.Interval("one_page_every"),
            FightsAfter = reader.Interval("fights_after"),
        };
        if (balloon.Hotplug && balloon.Driver == BalloonDriverKind.Oldest)
            reader.Problem(reader.Node("hotplug")!.At, "the 'oldest' driver has no memory hotplug");
        if (balloon.OnePageEvery is not null && reader.Node("rate") is { } rate)
            reader.Problem(rate.At, "'rate' has no effect with 'one_page_every'");
        NeedSuperpages(reader, "pages");
        reader.Finish();
        return balloon;
    }

    private void NeedSuperpages(YamlReader reader, params string[] keys)
    {
        foreach (var key in keys)
            if (!host.Superpages && reader.Node(key) is { } node)
                reader.Problem(node.At, $"'{key}' has no effect: add 'host: {{ superpages: true }}'");
    }

    private static ContentSpec Contents(YamlReader reader)
    {
        var images = reader.Group("images");
        var contents = new ContentSpec
        {
            Zero = reader.Size("zero") ?? Kib.Zero,
            Images = [.. (images?.Keys ?? []).Select(name => (name, images!.Size(name) ?? Kib.Zero))],
        };
        reader.Finish();
        return contents;
    }

    private static TmemSpec Tmem(YamlReader reader)
    {
        var standard = new TmemSpec();
        var tmem = new TmemSpec
        {
            Ephemeral = reader.Size("ephemeral") ?? standard.Ephemeral,
            Persistent = reader.Size("persistent") ?? standard.Persistent,
            Rate = reader.Rate("rate") ?? standard.Rate,
        };
        reader.Finish();
        return tmem;
    }
}
