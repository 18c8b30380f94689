using Actors.Dispatch.Domains;
using Actors.Dispatch.Journal;
using Actors.Host.Logging;
using Actors.Sdk;
using Actors.Sdk.Testing;
using Actors.Sim.Clock;
using Actors.Sim.Hypervisor;
using Actors.Sim.Specs;
using Actors.Sim.Toolstacks;
using Actors.XenStore;
using Actors.XenStore.Embedded;

namespace Actors.Host.Conformance;

/// <summary>The simulated host on which the rules for actors are checked; each rule gets a new one.</summary>
internal sealed class SimulatedRuleHost : IRuleWorld, IJournal
{
    // The last Xen with tmem, so that every mechanism of the contract is available.
    private static readonly HostSpec Spec = new() { Memory = Kib.FromGiB(8), XenVersion = new Version(4, 12) };

    private readonly SimulationClock _clock = new();
    private readonly EmbeddedXenStore _store = new();
    private readonly SimulatedHost _machine;
    private readonly Toolstack _toolstack;
    private readonly HostServices _services;

    public SimulatedRuleHost()
    {
        _machine = new SimulatedHost(_clock, _store.Connect, Spec);
        _toolstack = new Toolstack(_machine);
        _services = new HostServices(_machine.DomainZero, _machine, _clock, this, _ => Log.Silent);
    }

    /// <summary>How fast its time passes, in seconds for each real one; <see langword="null"/> for an actor in this process, which needs no pace.</summary>
    public int? Speed { get; init; }

    public TimeProvider Time => _clock;

    public bool SharesThreadAndTime => Speed is null;

    public void Run(Func<Task> body, TimeSpan limit) => _clock.Run(async () =>
    {
        await _toolstack.BeginAsync();
        // The sharing actor needs a second domain.
        await CreateAsync(new RuleGuest("rule-partner"));
        await body();
    }, limit, Speed is null ? Pace.Virtual : Pace.Real, Speed ?? 1);

    public async Task<IRuleDomain> CreateAsync(RuleGuest guest)
    {
        var behaviour = guest.Refuses ? BalloonBehaviour.Refuses : BalloonBehaviour.Moves;
        var spec = new DomainSpec
        {
            Name = guest.Name,
            Memory = Kib.FromGiB(1),
            Guest = new GuestSpec
            {
                Balloon = new BalloonSpec { Behaviour = behaviour, Rate = Rate.MiBPerSecond(100) },
                Hinting = new HintingSpec { Cmma = new CmmaSpec() },
                // Every domain has read the same image, so that there are pages to share.
                Contents = new ContentSpec { Zero = Kib.FromMiB(128), Images = [("rules", Kib.FromMiB(256))] },
            },
        };
        var domain = await _toolstack.CreateAsync(spec);
        await _toolstack.WriteAsync(domain.Domid, DomainKeys.SharingGroup, "rules");
        await Task.Delay(spec.BootTime + TimeSpan.FromMilliseconds(1), _clock);
        var identity = new DomainIdentity(domain.Domid, domain.Uuid, guest.Name);
        return new RuleDomain(this, new RunContext(new HostDomain(identity, _services, new Engagements([])), IRunObserver.None));
    }

    public void Append(JournalEntry entry)
    {
    }

    private sealed class RuleDomain(SimulatedRuleHost host, RunContext domain) : IRuleDomain
    {
        private int Domid => domain.Identity.Domid;

        public IDomain Domain => domain;

        public DomainInfo? Info => host._machine.Find(Domid)?.Info;

        public async Task<IReadOnlyDictionary<string, string>> ReadKeysAsync()
        {
            var keys = new Dictionary<string, string>();
            await AddAsync($"/local/domain/{Domid}", "", keys);
            return keys;
        }

        public Task PauseAsync() => host._toolstack.PauseAsync(Domid);

        public Task DestroyAsync() => host._toolstack.DestroyAsync(Domid);

        // A process that dies restores nothing: the pages that it had paged out stay out.
        public void KillHelpers() => host._machine.KillPager(Domid, "killed by a rule");

        private async Task AddAsync(string path, string relative, Dictionary<string, string> keys)
        {
            foreach (var name in await host._machine.DomainZero.ListAsync(path))
            {
                var key = relative.Length == 0 ? name : $"{relative}/{name}";
                if (await host._machine.DomainZero.TryReadTextAsync($"{path}/{name}") is { } value)
                    keys[key] = value;
                await AddAsync($"{path}/{name}", key, keys);
            }
        }
    }
}
