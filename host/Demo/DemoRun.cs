using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Journal;
using Actors.Dispatch.State;
using Actors.Host.Daemon;
using Actors.Host.Settings;
using Actors.Host.Simulation;
using Actors.Sdk;
using Actors.Sim.Clock;
using Actors.Sim.Costs;
using Actors.Sim.Scenarios;
using Actors.Sim.Specs;

namespace Actors.Host.Demo;

/// <summary>Runs the demo: the embedded host on a virtual clock, from the toolstack's writes to the final outcome of every domain.</summary>
internal sealed class DemoRun : IJournal
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan CheckEvery = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan ReportRelaxingEvery = TimeSpan.FromSeconds(20);

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly SimulationClock _clock = new();
    private readonly SimulatedMachine _machine;
    private readonly Scenario _scenario;
    private readonly Dictionary<int, StateKey> _states = [];
    private readonly Dictionary<int, List<JournalEntry>> _journal = [];
    private readonly DemoView? _view;
    private readonly int _seed;
    private TimeSpan _nextRelaxing;
    private HostCost _cost = new([]);

    public DemoRun(int seed, DemoView? view)
    {
        (_seed, _view) = (seed, view);
        var demo = SimulatedMachine.BuiltIn("demo.yaml");
        _scenario = demo with { Host = demo.Host with { Seed = new Seed(seed) } };
        _machine = new SimulatedMachine(_clock, _scenario, Traced);
    }

    public DemoReport Play(Pace pace)
    {
        _clock.Run(PlayAsync, Limit, pace);
        return new DemoReport(_seed, [.. _scenario.Domains.Select(Report)], Percent(_cost.SlowDown), Convert.ToHexStringLower(_hash.GetHashAndReset()));
    }

    public void Append(JournalEntry entry)
    {
        if (!_journal.TryGetValue(entry.Domid, out var entries))
            _journal[entry.Domid] = entries = [];
        entries.Add(entry);
        Trace(JsonSerializer.Serialize(entry, JournalJson.Readable.JournalEntry));
    }

    private async Task PlayAsync()
    {
        await using var host = await ActorHost.StartAsync(_machine.SilentServices(this), new HostOptions { Scripts = ScriptProcesses.ForCommand }, StateChanged);
        using var meter = new CostMeter(_machine.Host, _machine.Run.Toolstack);
        await _machine.Run.StartAsync();
        var targets = _scenario.Events.Select(step => step.Domain).Distinct().Count();
        while (_states.Values.Count(Done) < targets)
        {
            await Task.Delay(CheckEvery, _clock);
            ShowRelaxing();
        }
        _cost = meter.Finish();
    }

    private static double Percent(double part) => Math.Round(100 * part, 2);

    private void ShowRelaxing()
    {
        if (_view is null || _clock.Elapsed < _nextRelaxing)
            return;
        _nextRelaxing = _clock.Elapsed + ReportRelaxingEvery;
        foreach (var (domid, _) in _states.Where(pair => pair.Value.Final && !Done(pair.Value)))
            _view.Relaxing(_clock.Elapsed, _machine.Host.Find(domid)!.Spec.Name, _machine.Host.Find(domid)!.Info);
    }

    // Done: no run in progress, and no later step of a chain still holds pages for an earlier one.
    private static bool Done(StateKey state) => state.Final && (state.Outcome != "reached" || state.Engaged.Count <= 1);

    private void StateChanged(DomainIdentity domain, StateKey state)
    {
        _states[domain.Domid] = state;
        Trace($"{domain.Domid} {state}");
        _view?.StateChanged(_clock.Elapsed, domain, state);
    }

    private void Traced(string line)
    {
        Trace(line);
        _view?.Traced(line);
    }

    private void Trace(string line) =>
        _hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{_clock.Elapsed.Ticks} {line}\n")));

    private DemoDomain Report(DomainSpec spec)
    {
        var info = _machine.Host.Find(spec.Name)!.Info;
        var state = _states[info.Domid];
        var entries = _journal.GetValueOrDefault(info.Domid) ?? [];
        var target = _scenario.Events.OfType<WriteEvent>().Where(write => write.Domain == spec.Name)
            .SelectMany(write => write.Keys).Last(key => key.Key == $"{PolicyKeys.Folder}/{PolicyKeys.Target}").Value;
        var first = entries.FirstOrDefault();
        var last = entries.Skip(1).LastOrDefault(entry => entry.Reason != first!.Reason);
        var cost = _cost.Domains.First(domain => domain.Name == spec.Name);
        return new DemoDomain(
            info.Domid, spec.Name, spec.Kind.ToString().ToLowerInvariant(), long.Parse(target, CultureInfo.InvariantCulture), info.Footprint.Value,
            first?.Outcome ?? state.Outcome, first?.Actor ?? state.Actor, first?.Step ?? 0, first?.Seconds ?? 0,
            (first?.Reason ?? state.Reason) + (last is null ? "" : string.Create(CultureInfo.InvariantCulture, $"; after {last.Seconds:0.0} s {last.Reason}")))
        {
            SlowDownPercent = Percent(cost.SlowDown),
            SlowDownP95Percent = Percent(cost.P95),
        };
    }
}
