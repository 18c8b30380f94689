using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Actors.XenStore.Protocol;
using Microsoft.Win32.SafeHandles;

namespace Actors.XenStore.Server;

/// <summary>Waits until one of many descriptors is ready (epoll, level-triggered) or another thread wakes it.</summary>
internal sealed class Poller : IDisposable
{
    /// <summary>The descriptor can be read, or it is at its end.</summary>
    public const uint Readable = 0x001;

    /// <summary>The descriptor can be written.</summary>
    public const uint Writable = 0x004;

    private const int Add = 1;
    private const int Modify = 3;
    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;
    private const int Most = 64;

    // struct epoll_event is packed only on x86-64.
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int Stride = DataOffset + 8;

    private readonly byte[] _happenings = new byte[Most * Stride];
    private readonly SafeFileHandle _epoll = new(Check(Libc.EpollCreate(CloseOnExec)), ownsHandle: true);
    private readonly SafeFileHandle _wake = new(Check(Libc.EventDescriptor(0, CloseOnExec | NonBlocking)), ownsHandle: true);
    private readonly int _wakeDescriptor;
    private readonly AdaptiveSpin _spin;
    private int _count;

    public Poller()
    {
        _spin = new AdaptiveSpin(() => Poll(0) != 0);
        _wakeDescriptor = (int)_wake.DangerousGetHandle();
        Control(Add, _wakeDescriptor, Readable);
    }

    public void Watch(int descriptor, uint interest) => Control(Add, descriptor, interest);

    public void Change(int descriptor, uint interest) => Control(Modify, descriptor, interest);

    /// <summary>Waits and lists the descriptors that are ready. The list does not include the wake-up by <see cref="Wake"/>.</summary>
    public void Wait(List<int> ready)
    {
        ready.Clear();
        _count = 0;
        _spin.Begin();
        if (_count == 0)
            Poll(Timeout.Infinite);
        _spin.End();
        for (var i = 0; i < _count; i++)
        {
            var descriptor = Unsafe.ReadUnaligned<int>(ref _happenings[i * Stride + DataOffset]);
            if (descriptor == _wakeDescriptor)
                Drain();
            else
                ready.Add(descriptor);
        }
    }

    private int Poll(int milliseconds)
    {
        _count = Libc.EpollWait(_epoll, ref _happenings[0], Most, milliseconds);
        return _count >= 0 || Marshal.GetLastPInvokeError() == Libc.Interrupted ? _count : throw new Win32Exception();
    }

    /// <summary>Ends the current wait, or the next one. Any thread may call it. It does nothing after the poller was disposed.</summary>
    public void Wake()
    {
        var one = 1UL;
        try
        {
            Libc.Write(_wake, ref Unsafe.As<ulong, byte>(ref one), sizeof(ulong));
        }
        catch (ObjectDisposedException)
        {
            // The loop has ended.
        }
    }

    public void Dispose()
    {
        _epoll.Dispose();
        _wake.Dispose();
    }

    private void Drain()
    {
        var count = 0UL;
        Libc.Read(_wake, ref Unsafe.As<ulong, byte>(ref count), sizeof(ulong));
    }

    private void Control(int operation, int descriptor, uint interest)
    {
        var happening = new byte[Stride];
        Unsafe.WriteUnaligned(ref happening[0], interest);
        Unsafe.WriteUnaligned(ref happening[DataOffset], (long)descriptor);
        Check(Libc.EpollControl(_epoll, operation, descriptor, ref happening[0]));
    }

    private static int Check(int result) => result >= 0 ? result : throw new Win32Exception();
}
