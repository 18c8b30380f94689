using Actors.Isolation.Sandbox;

namespace Actors.Isolation.Tests.Sandbox;

/// <summary>The filter, run by an interpreter of the few instructions that it uses.</summary>
internal sealed class FilterProgramTests
{
    private const uint Thread = 0x00010000;
    private const int Self = 4711;

    [Test]
    public void A_process_may_start_threads_but_no_processes([Values] bool network)
    {
        foreach (var calls in new[] { SystemCalls.X64, SystemCalls.Arm64 })
        {
            Assert.That(Run(calls, network, programs: false, (uint)calls.CloneCall, Thread | 0x100), Is.EqualTo(FilterProgram.Allow));
            Assert.That(Run(calls, network, programs: false, (uint)calls.CloneCall, 0x100), Is.EqualTo(FilterProgram.Error | FilterProgram.NotPermitted));
            Assert.That(Run(calls, network, programs: false, (uint)calls.Clone3), Is.EqualTo(FilterProgram.Error | FilterProgram.NotImplemented));
            Assert.That(calls.Start.Select(call => Run(calls, network, programs: false, (uint)call)), Is.All.EqualTo(FilterProgram.Error | FilterProgram.NotPermitted));
        }
    }

    [Test]
    public void The_network_and_programs_are_open_only_to_those_they_were_granted_to([Values] bool network, [Values] bool programs)
    {
        var calls = SystemCalls.X64;
        Assert.That(Run(calls, network, programs, (uint)calls.Socket) == FilterProgram.Allow, Is.EqualTo(network));
        Assert.That(Run(calls, network, programs, (uint)calls.Start[2]) == FilterProgram.Allow, Is.EqualTo(programs));
    }

    [Test]
    public void Nobody_reaches_into_another_process_and_no_other_architecture_gets_through([Values] bool network, [Values] bool programs)
    {
        var calls = SystemCalls.X64;
        Assert.That(calls.Reach.Select(call => Run(calls, network, programs, (uint)call)), Is.All.Not.EqualTo(FilterProgram.Allow));
        Assert.That(Run(calls, network, programs, 0x40000000 + 1), Is.Not.EqualTo(FilterProgram.Allow));
        Assert.That(Interpret(FilterProgram.Of(calls, Self, network, programs), architecture: 0x40000003, 1, 0), Is.Not.EqualTo(FilterProgram.Allow));
        Assert.That(Run(calls, network, programs, 1), Is.EqualTo(FilterProgram.Allow), "write");
    }

    [Test]
    public void A_process_signals_its_own_threads_only([Values] bool network, [Values] bool programs)
    {
        foreach (var calls in new[] { SystemCalls.X64, SystemCalls.Arm64 })
        {
            Assert.That(Run(calls, network, programs, (uint)calls.Signal, Self), Is.EqualTo(FilterProgram.Allow));
            Assert.That(Run(calls, network, programs, (uint)calls.Signal, Self + 1), Is.EqualTo(FilterProgram.Error | FilterProgram.NotPermitted));
        }
    }

    [Test]
    public void A_process_cannot_outlive_its_parent([Values] bool network, [Values] bool programs)
    {
        foreach (var calls in new[] { SystemCalls.X64, SystemCalls.Arm64 })
        {
            Assert.That(Run(calls, network, programs, (uint)calls.Control, ProcessControl.KillOnParentDeath), Is.EqualTo(FilterProgram.Error | FilterProgram.NotPermitted));
            Assert.That(Run(calls, network, programs, (uint)calls.Control, ProcessControl.Dumpable), Is.EqualTo(FilterProgram.Allow));
        }
    }

    private static uint Run(SystemCalls calls, bool network, bool programs, uint number, uint argument = 0) =>
        Interpret(FilterProgram.Of(calls, Self, network, programs), calls.Architecture, number, argument);

    private static uint Interpret(FilterInstruction[] program, uint architecture, uint number, uint argument)
    {
        uint loaded = 0;
        for (var at = 0; ; at++)
        {
            var (code, ifTrue, ifFalse, value) = program[at];
            switch (code)
            {
                case FilterProgram.Return:
                    return value;
                case FilterProgram.Load:
                    loaded = value switch { 0 => number, 4 => architecture, _ => argument };
                    break;
                default:
                    var holds = code == FilterProgram.JumpIfEqual ? loaded == value : code == FilterProgram.JumpIfAtLeast ? loaded >= value : (loaded & value) != 0;
                    at += holds ? ifTrue : ifFalse;
                    break;
            }
        }
    }
}
