using Actors.Sdk;
using Actors.Sim.Domains;
using Actors.XenStore;

namespace Actors.Sim.Sharing;

/// <summary>Reads which domains may share pages with each other from a key that only the toolstack can write.</summary>
internal sealed class SharingGroups(IXenStore dom0)
{
    /// <summary>The group of a domain; <see langword="null"/> when it is in no group or could have written the key itself.</summary>
    public async ValueTask<string?> OfAsync(SimulatedDomain domain, CancellationToken cancellation)
    {
        var path = $"{domain.Home}/{DomainKeys.SharingGroup}";
        if (await dom0.TryReadTextAsync(path, cancellation) is not { Length: > 0 } group)
            return null;
        return await dom0.TryGetPermissionsAsync(path, cancellation) is { WritableByGuests: false } ? group : null;
    }

    /// <summary>The domains of a group, ordered by domid.</summary>
    public async Task<List<SimulatedDomain>> MembersAsync(string group, IEnumerable<SimulatedDomain> domains, CancellationToken cancellation)
    {
        var members = new List<SimulatedDomain>();
        foreach (var domain in domains.ToList())
            if (await OfAsync(domain, cancellation) == group)
                members.Add(domain);
        return members;
    }
}
