using Actors.Sdk;
using Actors.Sdk.Text;
using Actors.Sim.Specs;
using Actors.Yaml;

namespace Actors.Sim.Scenarios.Yaml;

/// <summary>Reads how new domains get their memory, and sets of claims.</summary>
internal sealed class BuildYaml(HostSpec host)
{
    /// <summary>Reads the keys next to a new domain; <see langword="null"/> if it is built at once.</summary>
    public BuildSpec? Read(YamlReader reader, DomainSpec created)
    {
        var arrives = reader.Node("arrive") is not null;
        var footprint = arrives ? reader.Size("footprint") : null;
        if (footprint > created.Most || footprint < created.Offset)
            reader.Problem(reader.Node("footprint")!.At, $"'footprint' must be between {created.Offset} and the domain's maximum, {created.Most}");
        var (rate, claimBy) = (reader.Rate("rate"), reader.Choice<ClaimBy>("claim_by"));
        if (!arrives && claimBy is not null && rate is null)
            reader.Problem(reader.Node("claim_by")!.At, "'claim_by' has no effect on a domain that is built at once: add 'rate'");
        if (host.Overcommit && (arrives || rate is not null))
            reader.Problem(reader.At, "a host with 'overcommit' gives domains their memory when they touch it, so nothing fills them before");
        return arrives || rate is not null
            ? new BuildSpec { Rate = rate ?? host.MigrationRate, ClaimBy = claimBy ?? ClaimBy.Nothing, Arrives = arrives ? footprint ?? created.Memory : null }
            : null;
    }

    /// <summary>Reads a set of claims.</summary>
    public ClaimSet ClaimSet(YamlReader reader)
    {
        if (!host.ClaimSets)
            reader.Problem(reader.At, "no released Xen has claims on nodes: add 'host: { claim_sets: true }' for the proposed one");
        var set = new ClaimSet(reader.Size("anywhere") ?? Kib.Zero, [.. reader.Words("nodes").Select(word => Size(reader, word))]);
        if (set.OnNodes.Count > host.Nodes)
            reader.Problem(reader.Node("nodes")!.At, $"the host has {host.Nodes} nodes");
        reader.Finish();
        return set;
    }

    private static Kib Size(YamlReader reader, YamlText word)
    {
        var (size, error) = SizeText.ParseWithUnit(word.Value);
        if (error is not null)
            reader.Problem(word.At, $"'nodes': {error}, found '{YamlText.Shown(word.Value)}'");
        return size;
    }
}
