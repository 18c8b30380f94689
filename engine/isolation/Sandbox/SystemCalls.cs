using System.Runtime.InteropServices;

namespace Actors.Isolation.Sandbox;

/// <summary>The numbers of the system calls that the filter knows. Source: Linux, arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h.</summary>
internal sealed record SystemCalls
{
    /// <summary>The architecture in a filter's data, AUDIT_ARCH_*.</summary>
    public required uint Architecture { get; init; }

    public required int Seccomp { get; init; }

    public required int CloneCall { get; init; }

    public required int Clone3 { get; init; }

    public required int Socket { get; init; }

    /// <summary>tgkill, with which the runtime interrupts its own threads.</summary>
    public required int Signal { get; init; }

    /// <summary>prctl, with which a process could outlive its parent.</summary>
    public required int Control { get; init; }

    /// <summary>Calls that start another program.</summary>
    public required IReadOnlyList<int> Start { get; init; }

    /// <summary>Calls with which a process reaches into another one or into the kernel: ptrace, process_vm_*, kill, tkill, pidfd_*, rt_sigqueueinfo, bpf, perf_event_open, mount, reboot and modules; with io_uring, which no filter sees; and with memory that no limit counts: memfd_create and shmget.</summary>
    public required IReadOnlyList<int> Reach { get; init; }

    /// <summary>Numbers from here on belong to another ABI of the same architecture; <see langword="null"/> if there is none.</summary>
    public uint? OtherAbi { get; init; }

    /// <summary>The numbers for this process; <see langword="null"/> if they are not known.</summary>
    public static SystemCalls? Here => RuntimeInformation.ProcessArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => X64,
        System.Runtime.InteropServices.Architecture.Arm64 => Arm64,
        _ => null,
    };

    public static SystemCalls X64 { get; } = new()
    {
        Architecture = 0xC000003E,
        Seccomp = 317,
        CloneCall = 56,
        Clone3 = 435,
        Socket = 41,
        Start = [57, 58, 59, 322],
        Signal = 234,
        Control = 157,
        Reach = [101, 310, 311, 62, 200, 424, 434, 129, 297, 321, 298, 165, 166, 169, 175, 313, 176, 246, 272, 308, 425, 426, 427, 319, 29],
        OtherAbi = 0x40000000,
    };

    public static SystemCalls Arm64 { get; } = new()
    {
        Architecture = 0xC00000B7,
        Seccomp = 277,
        CloneCall = 220,
        Clone3 = 435,
        Socket = 198,
        Start = [221, 281],
        Signal = 131,
        Control = 167,
        Reach = [117, 270, 271, 129, 130, 424, 434, 138, 240, 280, 241, 40, 39, 142, 105, 273, 106, 104, 97, 268, 425, 426, 427, 279, 194],
    };
}
