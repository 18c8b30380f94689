using System.Runtime.InteropServices;
using Actors.Isolation.Messages;

namespace Actors.Isolation.Sandbox;

/// <summary>A seccomp filter for all threads of this process.</summary>
internal static partial class SystemCallFilter
{
    private const int SetFilter = 1;
    private const uint AllThreads = 1;

    /// <summary>Installs the filter.</summary>
    /// <returns>Why it could not be installed; <see langword="null"/> if it was.</returns>
    public static string? Install(LimitsBody limits)
    {
        if (SystemCalls.Here is not { } calls)
            return $"there is no filter for {RuntimeInformation.ProcessArchitecture}";
        var filter = FilterProgram.Of(calls, Environment.ProcessId, limits.Network, limits.Programs);
        // A process without privileges may install a filter only if it can gain none.
        if (ProcessControl.Set(ProcessControl.NoNewPrivileges, 1) != 0)
            return Marshal.GetLastPInvokeErrorMessage();
        var pinned = GCHandle.Alloc(filter, GCHandleType.Pinned);
        try
        {
            var program = new Program { Length = (ushort)filter.Length, Instructions = pinned.AddrOfPinnedObject() };
            return SystemCall(calls.Seccomp, SetFilter, AllThreads, ref program) == 0 ? null : Marshal.GetLastPInvokeErrorMessage();
        }
        finally
        {
            pinned.Free();
        }
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nuint operation, nuint flags, ref Program program);

    [StructLayout(LayoutKind.Sequential)]
    private struct Program
    {
        public ushort Length;
        public nint Instructions;
    }
}
