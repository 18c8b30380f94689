using Actors.Dispatch.Domains;
using Actors.Dispatch.Journal;
using Actors.Host.Logging;
using Actors.Sdk;
using Actors.XenStore.Embedded;
using NSubstitute;

namespace Actors.Host.Tests.Loading.Containment;

/// <summary>A host's services in real time, with one domain of 1 GiB whose footprint does not change.</summary>
internal sealed class RealServices : IJournal
{
    private readonly List<JournalEntry> _journal = [];

    public RealServices()
    {
        var hypervisor = Substitute.For<IHypervisor>();
        hypervisor.GetDomainAsync(1).ReturnsForAnyArgs(new ValueTask<DomainInfo?>(new DomainInfo
        {
            Domid = 1,
            Uuid = Guid.Empty,
            Kind = DomainKind.Pvh,
            State = DomainState.Running,
            TotPages = Kib.FromGiB(1).ToPages(),
            MaxPages = Kib.FromGiB(1).ToPages(),
        }));
        Services = new HostServices(new EmbeddedXenStore().Connect(0), hypervisor, TimeProvider.System, this, _ => Log.Silent);
        HostDomain = new HostDomain(new DomainIdentity(1, Guid.Empty, "web-1"), Services, new Engagements([]));
        Domain = new RunContext(HostDomain, IRunObserver.None);
    }

    public HostServices Services { get; }

    public HostDomain HostDomain { get; }

    public RunContext Domain { get; }

    public IReadOnlyList<JournalEntry> Journal
    {
        get
        {
            lock (_journal)
                return [.. _journal];
        }
    }

    public void Append(JournalEntry entry)
    {
        lock (_journal)
            _journal.Add(entry);
    }
}
