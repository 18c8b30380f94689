using System.Runtime.InteropServices;

namespace Actors.Isolation.Sandbox;

/// <summary>One instruction of the kernel's packet filter, as seccomp uses it (linux/filter.h).</summary>
/// <param name="Code">What it does.</param>
/// <param name="IfTrue">How many instructions to skip if a comparison is true.</param>
/// <param name="IfFalse">How many to skip if it is false.</param>
/// <param name="Value">The operand.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct FilterInstruction(ushort Code, byte IfTrue, byte IfFalse, uint Value);

/// <summary>The filter for a child. Pure.</summary>
internal static class FilterProgram
{
    public const ushort Load = 0x20, JumpIfEqual = 0x15, JumpIfAtLeast = 0x35, JumpIfSet = 0x45, Return = 0x06;
    public const uint Allow = 0x7FFF0000, Error = 0x00050000, NotPermitted = 1, NotImplemented = 38;

    // Offsets in struct seccomp_data (linux/seccomp.h), on a little-endian machine.
    private const uint Number = 0, Architecture = 4, FirstArgument = 16;
    private const uint CloneThread = 0x00010000;

    /// <param name="calls">The numbers of the system calls.</param>
    /// <param name="process">The number of the process that it is for.</param>
    /// <param name="network">Whether it may use the network.</param>
    /// <param name="programs">Whether it may start programs.</param>
    public static FilterInstruction[] Of(SystemCalls calls, int process, bool network, bool programs)
    {
        var program = new List<FilterInstruction>
        {
            new(Load, 0, 0, Architecture),
            new(JumpIfEqual, 1, 0, calls.Architecture),
            new(Return, 0, 0, Error | NotPermitted),
            new(Load, 0, 0, Number),
        };
        if (calls.OtherAbi is { } other)
            Refuse(program, JumpIfAtLeast, other, NotPermitted);
        foreach (var call in calls.Reach)
            Refuse(program, JumpIfEqual, (uint)call, NotPermitted);
        // It may send signals to its own threads only.
        program.Add(new(JumpIfEqual, 0, 4, (uint)calls.Signal));
        program.Add(new(Load, 0, 0, FirstArgument));
        program.Add(new(JumpIfEqual, 1, 0, (uint)process));
        program.Add(new(Return, 0, 0, Error | NotPermitted));
        program.Add(new(Return, 0, 0, Allow));
        // It ends with its parent.
        program.Add(new(JumpIfEqual, 0, 4, (uint)calls.Control));
        program.Add(new(Load, 0, 0, FirstArgument));
        program.Add(new(JumpIfEqual, 0, 1, ProcessControl.KillOnParentDeath));
        program.Add(new(Return, 0, 0, Error | NotPermitted));
        program.Add(new(Return, 0, 0, Allow));
        if (!network)
            Refuse(program, JumpIfEqual, (uint)calls.Socket, NotPermitted);
        if (!programs)
        {
            foreach (var call in calls.Start)
                Refuse(program, JumpIfEqual, (uint)call, NotPermitted);
            // Its flags are in memory, which a filter cannot read. The C library falls back to clone.
            Refuse(program, JumpIfEqual, (uint)calls.Clone3, NotImplemented);
            // A new thread is fine, a new process is not.
            program.Add(new(JumpIfEqual, 0, 3, (uint)calls.CloneCall));
            program.Add(new(Load, 0, 0, FirstArgument));
            program.Add(new(JumpIfSet, 1, 0, CloneThread));
            program.Add(new(Return, 0, 0, Error | NotPermitted));
        }
        program.Add(new(Return, 0, 0, Allow));
        return [.. program];
    }

    private static void Refuse(List<FilterInstruction> program, ushort comparison, uint value, uint error)
    {
        program.Add(new(comparison, 0, 1, value));
        program.Add(new(Return, 0, 0, Error | error));
    }
}
