using Actors.Sdk;
using Actors.Xen.Hypercalls;

namespace Actors.Xen.Domains;

/// <summary>Derives the kind and the state of a domain from the hypervisor's flags. Pure.</summary>
internal static class DomainStates
{
    public static DomainKind KindOf(DomainRecord record)
    {
        if ((record.Flags & DomainRecord.HvmGuest) == 0)
            return DomainKind.Pv;
        return (record.Emulation & DomainRecord.EmulatedPowerManagement) == 0 ? DomainKind.Pvh : DomainKind.Hvm;
    }

    /// <summary>The state of a domain. It depends on whether its kernel is ready.</summary>
    public static DomainState Of(DomainRecord record, bool ready)
    {
        if ((record.Flags & DomainRecord.Dying) != 0)
            return DomainState.Dying;
        if ((record.Flags & DomainRecord.Shutdown) != 0)
        {
            return record.ShutdownCode switch
            {
                DomainRecord.ShutdownCrash => DomainState.Crashed,
                DomainRecord.ShutdownSuspend => DomainState.Saving,
                _ => DomainState.ShutDown,
            };
        }
        if (record.CpuTime == 0)
            return DomainState.Booting;
        if ((record.Flags & DomainRecord.Paused) != 0)
            return DomainState.Paused;
        return ready ? DomainState.Running : DomainState.Booting;
    }

    public static DomainInfo InfoOf(DomainRecord record, bool ready, long onDemand) => new()
    {
        Domid = record.Domid,
        Uuid = record.Handle,
        Kind = KindOf(record),
        State = Of(record, ready),
        TotPages = new Pages(record.TotPages),
        MaxPages = new Pages(record.MaxPages),
        PagedPages = new Pages(record.PagedPages),
        SharedPages = new Pages(record.SharedPages),
        PopulateOnDemandPages = new Pages(onDemand),
    };
}
