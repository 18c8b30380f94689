using Actors.Sdk;

namespace Actors.Plugins.Tests;

/// <summary>Domains as the hypervisor reports them, in MiB.</summary>
internal static class Infos
{
    public static DomainInfo Of(long footprint, long pagedOut = 0, long shared = 0, long pools = 0, long maxMem = 2048) => new()
    {
        Domid = 7,
        Uuid = Guid.Empty,
        Kind = DomainKind.Pvh,
        State = DomainState.Running,
        TotPages = Kib.FromMiB(footprint).ToPages(),
        MaxPages = Kib.FromMiB(maxMem).ToPages(),
        PagedPages = Kib.FromMiB(pagedOut).ToPages(),
        SharedPages = Kib.FromMiB(shared).ToPages(),
        TmemPages = Kib.FromMiB(pools).ToPages(),
    };

    public static TargetRequest Target(long mebibytes, long floor = 0, long serial = 0) =>
        new() { Target = Kib.FromMiB(mebibytes), Floor = Kib.FromMiB(floor), Serial = serial };
}
