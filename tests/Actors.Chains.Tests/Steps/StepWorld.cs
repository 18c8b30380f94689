using Actors.Chains.Steps;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Journal;
using Actors.Dispatch.Registry;
using Actors.Dispatch.Tests.Calls;
using Actors.Sdk;
using Actors.XenStore.Embedded;
using NSubstitute;

namespace Actors.Chains.Tests.Steps;

/// <summary>A domain of 1 GiB, and actors whose calls are listed in their order.</summary>
internal sealed class StepWorld
{
    public static readonly Kib Half = Kib.FromMiB(512);

    private readonly List<PluginEntry> _actors = [];
    private readonly ActorDirectory _directory = new("p");

    public StepWorld(params string[] engaged)
    {
        var hypervisor = Substitute.For<IHypervisor>();
        hypervisor.GetDomainAsync(3, default).ReturnsForAnyArgs(_ => ValueTask.FromResult<DomainInfo?>(Info()));
        var services = new HostServices(new EmbeddedXenStore().Connect(0), hypervisor, Time, Substitute.For<IJournal>(), _ => Substitute.For<IActorLog>());
        var domain = new HostDomain(new DomainIdentity(3, Guid.Empty, "web-1"), services, new Engagements(engaged));
        Domain = new RunContext(domain, IRunObserver.None);
        Runner = new StepRunner("p", _directory);
    }

    public ManualTime Time { get; } = new();

    public RunContext Domain { get; }

    public StepRunner Runner { get; }

    /// <summary>The calls of actors, such as <c>paging 512</c> (a target in MiB) and <c>release paging</c>.</summary>
    public List<string> Calls { get; } = [];

    public static TargetRequest Request { get; } = new() { Target = Half, Tolerance = Kib.FromMiB(1) };

    public StepWorld Add(string name, Func<Outcome> outcome) => Add(name, () => Task.FromResult(outcome()));

    public StepWorld Add(string name, Func<Task<Outcome>> outcome)
    {
        var actor = Substitute.For<IActor>();
        actor.ReachAsync(default!, default!, default).ReturnsForAnyArgs(call =>
        {
            Calls.Add($"{name} {call.Arg<TargetRequest>().Target.Value / 1024}");
            return outcome();
        });
        actor.ReleaseAsync(default!, default).ReturnsForAnyArgs(_ =>
        {
            Calls.Add($"release {name}");
            return Task.CompletedTask;
        });
        _actors.RemoveAll(entry => entry.Name == name);
        _actors.Add(new PluginEntry(name, actor));
        _directory.SetActors(_actors);
        return this;
    }

    public static Outcome HoldsAlone() => Outcome.Reached(Half, "") with { Alone = Half };

    private static DomainInfo Info() => new()
    {
        Domid = 3,
        Uuid = Guid.Empty,
        Kind = DomainKind.Pvh,
        State = DomainState.Running,
        TotPages = Kib.FromGiB(1).ToPages(),
        MaxPages = Kib.FromGiB(1).ToPages(),
    };
}
