using Actors.Dispatch.Domains;
using Actors.Dispatch.Journal;
using Actors.Dispatch.State;
using Actors.Host.Daemon;
using Actors.Host.Logging;
using Actors.Host.Simulation;
using Actors.Sdk;
using Actors.Sim.Clock;
using Actors.Sim.Scenarios.Yaml;
using Actors.XenStore;

namespace Actors.Host.Tests.Simulation;

/// <summary>The whole daemon plays the scenarios in the folder <c>Cases</c>, in virtual time.</summary>
internal sealed class CaseTests
{
    [Test]
    public void Another_program_that_writes_the_balloon_target_wins_until_a_target_is_written() => Play("second-writer", async play =>
    {
        await play.UntilAsync(38);
        Assert.That((await play.StateAsync("after")).Outcome, Is.EqualTo(StateKey.Drifted));
        Assert.That((await play.StateAsync("during")).Outcome, Is.EqualTo(StateKey.Drifted));
        await play.UntilAsync(600);

        await AssertLeftToAsync(play, "after", 512);
        await AssertLeftToAsync(play, "during", 896);
        await AssertLeftToAsync(play, "short", 1024);
        var taken = await play.StateAsync("taken-back");
        Assert.That((taken.Outcome, taken.Footprint), Is.EqualTo((StateKey.Reached, (Kib?)Kib.FromMiB(900))));
        Assert.That(play.Outcomes("taken-back"), Is.EqualTo(new[] { StateKey.Reached, StateKey.Drifted, StateKey.Reached }));
        Assert.That(play.Outcomes("during"), Is.EqualTo(new[] { StateKey.Superseded, StateKey.Drifted }));
    });

    [Test]
    public void A_dead_pager_is_reported_and_no_higher_target_is_reached_any_more() => Play("dead-pager", async play =>
    {
        await play.UntilAsync(85);
        Assert.That((await play.StateAsync("killed-late")).Outcome, Is.EqualTo(StateKey.Reached));
        await play.UntilAsync(102);
        var state = await play.StateAsync("killed-late");
        await play.UntilAsync(600);
        var later = await play.StateAsync("killed-late");

        Assert.That((state.Outcome, later.Outcome), Is.EqualTo((StateKey.Failed, StateKey.Failed)));
        Assert.That(state.Reason, Does.Contain("512 MiB that it had paged out are lost").And.Contain("restart the guest"));
        Assert.That(later.Target, Is.EqualTo(Kib.FromMiB(900)));
        Assert.That(play.Outcomes("killed-late"), Is.EqualTo(new[] { StateKey.Reached, StateKey.Failed, StateKey.Failed }));
        var healthy = await play.StateAsync("healthy");
        Assert.That((healthy.Outcome, healthy.Footprint!.Value.Value), Is.EqualTo((StateKey.Reached, Kib.FromMiB(900).Value)).Within(1024));
    });

    [Test]
    public void What_changes_after_the_outcome_changes_the_outcome() => Play("what-changes-afterwards", async play =>
    {
        await play.UntilAsync(53);

        Assert.That((await play.StateAsync("crashes")).Reason, Does.StartWith("the domain has crashed"));
        Assert.That((await play.StateAsync("removed")).Reason, Does.StartWith("the target of 900 MiB was removed: balloon released the domain"));
        Assert.That((await play.StateAsync("limited")).Reason, Does.Contain("changed max_mem from 901 MiB to 950 MiB"));
        Assert.That((await play.StateAsync("untouched")).Outcome, Is.EqualTo(StateKey.Reached));
        Assert.That(
            new[] { "crashes", "removed", "limited", "untouched" }.Select(name => string.Join(' ', play.Outcomes(name))),
            Is.EqualTo(new[] { "reached failed", "reached superseded", "reached drifted", "reached" }));
    });

    private static async Task AssertLeftToAsync(Played play, string name, int mebibytes)
    {
        var state = await play.StateAsync(name);
        Assert.That(state.Outcome, Is.EqualTo(StateKey.Drifted), name);
        Assert.That(state.Reason, Does.Match($"another program .* wrote memory/target = {mebibytes * 1024} "), name);
        Assert.That(state.Footprint, Is.EqualTo(play.Footprint(name)), "the footprint is the current one");
        Assert.That(await play.KeyAsync(name, "memory/target"), Is.EqualTo($"{mebibytes * 1024}"), name);
    }

    private static void Play(string name, Func<Played, Task> test)
    {
        using var stream = typeof(CaseTests).Assembly.GetManifestResourceStream($"Cases/{name}.yaml")!;
        using var reader = new StreamReader(stream);
        var clock = new SimulationClock();
        var machine = new SimulatedMachine(clock, ScenarioFile.Parse(reader.ReadToEnd(), $"{name}.yaml"));
        clock.Run(async () =>
        {
            var played = new Played(machine);
            var services = new HostServices(machine.Host.DomainZero, machine.Host, clock, played, _ => Log.Silent);
            await using var host = await ActorHost.StartAsync(
                services, new HostOptions { PluginFolder = ProgramFolder.Plugins, PolicyFolder = ProgramFolder.Policies });
            await machine.Run.StartAsync();
            await test(played);
        }, TimeSpan.FromHours(1));
    }

    /// <summary>A scenario while it is played.</summary>
    private sealed class Played(SimulatedMachine machine) : IJournal
    {
        private readonly List<JournalEntry> _journal = [];

        public void Append(JournalEntry entry) => _journal.Add(entry);

        public IEnumerable<string> Outcomes(string name) => _journal.Where(entry => entry.Name == name).Select(entry => entry.Outcome);

        public Task UntilAsync(double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds) - machine.Run.Elapsed, machine.Clock);

        public async Task<StateKey> StateAsync(string name) => (await StateStore.TryReadAsync(machine.Host.DomainZero, Domid(name), default))!;

        public Kib Footprint(string name) => machine.Host.Find(name)!.Info.Footprint;

        public async Task<string?> KeyAsync(string name, string key) => await machine.Host.DomainZero.TryReadTextAsync($"/local/domain/{Domid(name)}/{key}");

        private int Domid(string name) => machine.Host.Find(name)!.Domid;
    }
}
