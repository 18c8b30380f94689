using Actors.Chains.Scripts.Processes;
using Actors.Isolation.Processes;

namespace Actors.Host.Tests.Chains.Scripts.Processes;

/// <summary>Who may have ended a process of scripts.</summary>
internal sealed class BlameTests
{
    private const int Crash = 139, Abort = 134, Killed = 137;

    private static readonly HostedScript Running = new(1, "running.csx"), Alive = new(2, "alive.csx");

    [Test]
    public void The_script_whose_turn_ran_is_suspected_of_a_crash() => Suspects(Of(Crash, Running), certain: false, Running);

    [Test]
    public void It_is_blamed_if_no_other_script_was_ever_in_the_process() => Suspects(Of(Crash, Running, alive: [], loaded: 1), certain: true, Running);

    [Test]
    public void Every_script_with_a_run_is_suspected_when_memory_runs_out() => Suspects(Of(Abort, Running, line: "Out of memory."), certain: false, Running, Alive);

    [Test]
    public void Every_script_with_a_run_is_suspected_when_no_turn_ran() => Suspects(Of(Crash, running: null), certain: false, Alive);

    [Test]
    public void A_script_that_was_the_only_one_with_a_run_is_only_suspected_if_others_had_been_there() => Suspects(Of(Abort, Running, alive: [Running], line: "Out of memory."), certain: false, Running);

    [Test]
    public void Nobody_is_suspected_of_a_kill_from_outside() => Suspects(Of(Killed, Running, alive: [], loaded: 1), certain: false);

    [Test]
    public void Nobody_is_suspected_when_the_daemon_killed_it() => Suspects(Of(Killed, Running, killed: "it is not needed any more"), certain: false);

    [Test]
    public void A_script_that_did_not_stop_is_blamed_even_if_another_turn_runs_by_now() =>
        Suspects(Blame.For(new EndOfProcess(Killed, [], "a script did not stop"), Running, [Running, Alive], 2, Alive), certain: true, Alive);

    [Test]
    public void A_suspect_that_ended_well_alone_runs_among_the_others_again_until_the_third_time()
    {
        var script = new HostedScript(1, "p.csx");
        foreach (var stays in new[] { false, false, true })
        {
            script.Suspect();
            Assert.That(script.RunsAlone);
            script.Clear();
            Assert.That(script.RunsAlone, Is.EqualTo(stays));
        }
    }

    private static Blame Of(int exitCode, HostedScript? running, HostedScript[]? alive = null, int loaded = 2, string? line = null, string? killed = null) =>
        Blame.For(new EndOfProcess(exitCode, line is null ? [] : [line], killed), running, alive ?? [Alive], loaded, abandoned: null);

    private static void Suspects(Blame blame, bool certain, params HostedScript[] suspects)
    {
        Assert.That(blame.Suspects, Is.EquivalentTo(suspects));
        Assert.That(blame.IsCertain, Is.EqualTo(certain));
    }
}
