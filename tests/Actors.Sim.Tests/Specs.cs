using Actors.Sdk;
using Actors.Sim.Specs;

namespace Actors.Sim.Tests;

/// <summary>Domains that tests use, and short names for amounts.</summary>
internal static class Specs
{
    public static DomainSpec Domain(
        string name = "web-1", DomainKind kind = DomainKind.Pvh, long mebibytes = 1024, BalloonSpec? balloon = null, long workingSet = 0,
        long fileCache = 0, long coldSet = 0, long swap = 0) => new()
        {
            Name = name,
            Kind = kind,
            Memory = MiB(mebibytes),
            Guest = new GuestSpec
            {
                Balloon = balloon ?? new BalloonSpec(),
                Swap = MiB(swap),
                Workload = new WorkloadSpec
                {
                    Phases =
                    [
                        new WorkloadPhase
                        {
                            WorkingSet = Always(workingSet),
                            FileCache = Always(fileCache),
                            ColdSet = Always(coldSet),
                        },
                    ],
                },
            },
        };

    public static Kib MiB(long amount) => Kib.FromMiB(amount);

    public static Shape Always(long mebibytes) => new ConstantShape(MiB(mebibytes));
}
