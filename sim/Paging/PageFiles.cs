using Actors.Sdk;
using Actors.Sim.Domains;

namespace Actors.Sim.Paging;

/// <summary>The page files of all pagers and the disk that holds them. A file is as large as its domain's maximum.</summary>
internal sealed class PageFiles(Kib? disk)
{
    private readonly Dictionary<SimulatedDomain, Kib> _files = [];

    /// <summary>Creates a domain's file, unless a pager that died has left one.</summary>
    /// <exception cref="MechanismException">The disk is full.</exception>
    public void Make(SimulatedDomain domain)
    {
        var free = disk is { } size ? size - _files.Values.Aggregate(Kib.Zero, (sum, file) => sum + file) : domain.Spec.Most;
        if (_files.ContainsKey(domain))
            return;
        if (domain.Spec.Most > free)
            throw new MechanismException($"there is no room for a page file of {domain.Spec.Most}: its disk has {free} free (ENOSPC); make room on it");
        _files[domain] = domain.Spec.Most;
    }

    public void Remove(SimulatedDomain domain) => _files.Remove(domain);
}
