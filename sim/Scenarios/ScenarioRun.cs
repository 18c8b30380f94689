using Actors.Sdk;
using Actors.Sim.Hypervisor;
using Actors.Sim.Toolstacks;
using Actors.XenStore;

namespace Actors.Sim.Scenarios;

/// <summary>Plays a scenario on a host: builds its domains and runs each event when it is due.</summary>
internal sealed class ScenarioRun(Scenario scenario, SimulatedHost host)
{
    /// <summary>An event is about to happen and counts as played.</summary>
    public event Action? Playing;

    public Toolstack Toolstack { get; } = new(host);

    /// <summary>When the scenario began, by the clock. It is negative when the scenario began on an earlier machine.</summary>
    public TimeSpan Began { get; private set; }

    /// <summary>The time since the scenario began.</summary>
    public TimeSpan Elapsed => host.Clock.Elapsed - Began;

    public int EventsPlayed { get; private set; }

    /// <summary>Builds the domains and starts the events, whose times count from here. It can be called from any thread.</summary>
    /// <exception cref="HypervisorException">There is not enough memory for a domain.</exception>
    public Task StartAsync(CancellationToken stop = default) => host.Clock.CallAsync(async () =>
    {
        await Toolstack.BeginAsync();
        foreach (var spec in scenario.Domains)
            await Toolstack.CreateAsync(spec);
        Began = host.Clock.Elapsed;
        host.Clock.Spawn(PlayAsync, stop);
    });

    /// <summary>Like <see cref="StartAsync"/>, but continues where an earlier machine was.</summary>
    /// <param name="elapsed">How long the scenario had run on the earlier machine.</param>
    /// <param name="eventsPlayed">How many of its events had begun there.</param>
    /// <param name="restore">Restores the earlier machine's store and domains.</param>
    /// <param name="stop">Stops the events.</param>
    public Task ResumeAsync(TimeSpan elapsed, int eventsPlayed, Func<Task> restore, CancellationToken stop = default) => host.Clock.CallAsync(async () =>
    {
        Began = host.Clock.Elapsed - elapsed;
        EventsPlayed = eventsPlayed;
        await restore();
        host.Clock.Spawn(PlayAsync, stop);
    });

    private async Task PlayAsync(CancellationToken stop)
    {
        foreach (var next in scenario.Events.Skip(EventsPlayed))
        {
            var wait = next.At - Elapsed;
            if (wait > TimeSpan.Zero)
                await Task.Delay(wait, host.Clock, stop);
            EventsPlayed++;
            Playing?.Invoke();
            // Some events take time (a reboot) and must not delay the next one.
            host.Clock.Spawn(_ => HappenAsync(next), stop);
        }
    }

    private async Task HappenAsync(ScenarioEvent next)
    {
        try
        {
            await DoAsync(next);
        }
        catch (Exception error) when (error is DomainGoneException or HypervisorException or XenStoreException or InvalidOperationException)
        {
            host.Trace.Write($"an event for {next.Domain} failed: {error.Message}");
        }
    }

    private Task DoAsync(ScenarioEvent next) => next switch
    {
        CreateEvent { Build: { } build } create => Toolstack.FillAsync(create.Spec, build),
        CreateEvent create => Toolstack.CreateAsync(create.Spec),
        HostMemoryEvent memory => Toolstack.ResizeHostAsync(memory.Change),
        WriteEvent write => WriteAsync(write),
        RemoveEvent remove => RemoveAsync(remove),
        MaxMemEvent change => Toolstack.SetMaxMemAsync(Domid(change), change.MaxMem),
        ClaimEvent claim => Toolstack.ClaimAsync(Domid(claim), claim.Size),
        ClaimSetEvent claim => Toolstack.ClaimAsync(Domid(claim), claim.Set),
        LifeEvent { Change: LifeChange.Leave } => Toolstack.LeaveAsync(Domid(next)),
        LifeEvent { Change: LifeChange.FreezeTmem } => Toolstack.FreezeTmemAsync(Domid(next), frozen: true),
        LifeEvent { Change: LifeChange.ThawTmem } => Toolstack.FreezeTmemAsync(Domid(next), frozen: false),
        LifeEvent { Change: LifeChange.Pause } => Toolstack.PauseAsync(Domid(next)),
        LifeEvent { Change: LifeChange.Unpause } => Toolstack.UnpauseAsync(Domid(next)),
        LifeEvent { Change: LifeChange.Crash } => Toolstack.CrashAsync(Domid(next)),
        LifeEvent { Change: LifeChange.Destroy } => Toolstack.DestroyAsync(Domid(next)),
        LifeEvent { Change: LifeChange.KillPager } => Toolstack.KillPagerAsync(Domid(next)),
        LifeEvent { Change: LifeChange.SaveRestore } => Toolstack.SaveAndRestoreAsync(Domid(next)),
        LifeEvent { Change: LifeChange.Reboot } => Toolstack.RebootAsync(Domid(next)),
        _ => throw new NotSupportedException($"{next.GetType().Name} is not supported here."),
    };

    private async Task WriteAsync(WriteEvent write)
    {
        foreach (var (key, value) in write.Keys)
        {
            host.Trace.Write($"the toolstack writes {value} to {write.Domain}'s {key}");
            await Toolstack.WriteAsync(Domid(write), key, value);
        }
    }

    private Task RemoveAsync(RemoveEvent remove)
    {
        host.Trace.Write($"the toolstack removes {remove.Domain}'s {remove.Key}");
        return Toolstack.RemoveAsync(Domid(remove), remove.Key);
    }

    private int Domid(ScenarioEvent next) =>
        host.Find(next.Domain)?.Domid ?? throw new InvalidOperationException($"There is no domain {next.Domain}.");
}
