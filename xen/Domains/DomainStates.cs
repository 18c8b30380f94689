using Actors.Sdk;
using Actors.Xen.Hypercalls;

namespace Actors.Xen.Domains;

/// <summary>What a domain is and does, from the hypervisor's flags. Pure.</summary>
internal static class DomainStates
{
    // A kernel that has not announced itself by then never will: it has no Xen drivers, or none that announce.
    private static readonly TimeSpan BootsAtMost = TimeSpan.FromMinutes(2);

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
                // A guest suspends itself when it is saved, and in the last step of a migration.
                DomainRecord.ShutdownSuspend => DomainState.Saving,
                _ => DomainState.ShutDown,
            };
        }
        if (record.CpuTime == 0)
            return DomainState.Booting;
        if ((record.Flags & DomainRecord.Paused) != 0)
            return DomainState.Paused;
        return announced || !MayBeBooting(record) ? DomainState.Running : DomainState.Booting;
    }

    /// <summary>Whether it is worth asking if its kernel has announced itself.</summary>
    public static bool MayBeBooting(DomainRecord record) =>
        record.Domid != 0 && record.CpuTime < (ulong)BootsAtMost.TotalNanoseconds;

    public static DomainInfo InfoOf(DomainRecord record, bool announced) => new()
    {
        Domid = record.Domid,
        Uuid = record.Handle,
        Kind = KindOf(record),
        State = Of(record, announced),
        TotPages = new Pages(record.TotPages),
        MaxPages = new Pages(record.MaxPages),
        PagedPages = new Pages(record.PagedPages),
        SharedPages = new Pages(record.SharedPages),
    };
}
