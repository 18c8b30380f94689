using Actors.Dispatch.Domains;
using Actors.Dispatch.Journal;
using Actors.Host.Logging;
using Actors.Sdk;
using Actors.XenStore.Embedded;
using NSubstitute;

namespace Actors.Host.Tests.Loading.Containment;

/// <summary>A host's ground in real time, under one domain of 1 GiB that nothing moves.</summary>
internal sealed class RealGround : IJournal
{
    private readonly List<JournalEntry> _journal = [];

    public RealGround()
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
        Ground = new HostServices(new EmbeddedXenStore().Connect(0), hypervisor, TimeProvider.System, this, _ => Log.Silent);
        Domain = new RunContext(new HostDomain(new DomainIdentity(1, Guid.Empty, "web-1"), Ground, new Engagements([])), IRunObserver.None);
    }

    public HostServices Ground { get; }

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
