using Actors.Sim.Domains;
using Actors.Sim.Hypervisor;
using Actors.Sim.Scenarios;

namespace Actors.Sim.Persistence;

/// <summary>
/// Records domains and the progress of the scenario in a <see cref="MachineFile"/>: the state of a domain at once, its size
/// every half second.
/// </summary>
internal sealed class MachineRecorder
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);

    private readonly MachineFile _file;
    private readonly SimulatedHost _host;
    private readonly ScenarioRun _run;
    private readonly Dictionary<int, DomainEntry> _known = [];

    /// <summary>Creates a recorder; this must happen before the first domain is built.</summary>
    public MachineRecorder(MachineFile file, SimulatedHost host, ScenarioRun run)
    {
        (_file, _host, _run) = (file, host, run);
        host.Built += Follow;
        run.Playing += WriteMoment;
        host.Clock.CreateTimer(_ => Record(), null, Every, Every);
    }

    /// <summary>Records everything.</summary>
    public void Record()
    {
        // The moment comes first because only its last domid prevents that the domid of a destroyed domain is assigned again.
        WriteMoment();
        foreach (var domid in _known.Keys.ToList())
        {
            if (_host.Find(domid) is not { } domain)
                Forget(domid);
            else if (!IsRecorded(domain))
                Write(domain);
        }
    }

    private void Follow(SimulatedDomain domain)
    {
        domain.StateChanged += () => Write(domain);
        Write(domain);
    }

    private void WriteMoment() => _file.Append(new MachineProgress(_run.Elapsed, _run.EventsPlayed, _host.LastDomid));

    private void Write(SimulatedDomain domain) => _file.Append(_known[domain.Domid] = new DomainEntry(
        domain.Domid, domain.Spec.Name, domain.Uuid, domain.State,
        domain.Memory.Populated.Value, domain.Memory.PagedOut.Value, domain.MaxPages.Value,
        _host.IsPaging(domain.Domid), _run.Toolstack.BootedAt(domain) - _run.Began,
        domain.Tmem.Persistent.Value, domain.Tmem.Frozen, domain.Tmem.Cap?.Value, domain.Tmem.Weight,
        domain.Withheld.Value));

    // Without a new entry: most domains of a large machine are idle.
    private bool IsRecorded(SimulatedDomain domain) => _known[domain.Domid] is var last
        && (last.State, last.Populated, last.PagedOut, last.MaxPages)
            == (domain.State, domain.Memory.Populated.Value, domain.Memory.PagedOut.Value, domain.MaxPages.Value)
        && (last.Paging, last.Booted) == (_host.IsPaging(domain.Domid), _run.Toolstack.BootedAt(domain) - _run.Began)
        && last.Discarded == domain.Withheld.Value
        && (last.TmemPersistent, last.TmemFrozen, last.TmemCap, last.TmemWeight)
            == (domain.Tmem.Persistent.Value, domain.Tmem.Frozen, domain.Tmem.Cap?.Value, domain.Tmem.Weight);

    private void Forget(int domid)
    {
        _known.Remove(domid);
        _file.Append(new DomainGone(domid));
    }
}
