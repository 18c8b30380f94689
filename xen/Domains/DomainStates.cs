using Actors.Sdk;
using Actors.Xen.Hypercalls;

namespace Actors.Xen.Domains;

/// <summary>What a domain is and does, from the hypervisor's flags. Pure.</summary>
internal static class DomainStates
{
    public static DomainKind KindOf(DomainRecord record)
    {
        if ((record.Flags & DomainRecord.HvmGuest) == 0)
            return DomainKind.Pv;
        return (record.Emulation & DomainRecord.EmulatedPowerManagement) == 0 ? DomainKind.Pvh : DomainKind.Hvm;
    }

    /// <summary>Its state, given whether its kernel has announced itself.</summary>
    public static DomainState Of(DomainRecord record, bool announced)
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
        return announced ? DomainState.Running : DomainState.Booting;
    }

    public static DomainInfo InfoOf(DomainRecord record, bool announced, long onDemand) => new()
    {
        Domid = record.Domid,
        Uuid = record.Handle,
        Kind = KindOf(record),
        State = Of(record, announced),
        TotPages = new Pages(record.TotPages),
        MaxPages = new Pages(record.MaxPages),
        PagedPages = new Pages(record.PagedPages),
        SharedPages = new Pages(record.SharedPages),
        PopulateOnDemandPages = new Pages(onDemand),
    };
}
