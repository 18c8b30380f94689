using System.ComponentModel;
using System.Net.Sockets;
using System.Text;
using Actors.XenStore.Files;

namespace Actors.XenStore.Server;

/// <summary>The file of a listening unix socket. It never replaces a live socket or another file, and removes only its own file.</summary>
internal sealed class SocketFile
{
    /// <summary>The longest path in bytes: <c>sun_path</c> has 108 with its NUL (sys/un.h).</summary>
    private const int LongestPath = 107;
    private const int Backlog = 128;
    private const int FamilyUnix = 1;
    private const int Stream = 1;
    private const int CloseOnExec = 0x80000;
    private const uint OwnerOnly = 0x180; // 0600

    private readonly ulong _inode;

    private SocketFile(string path, Socket listener)
    {
        Path = path;
        Listener = listener;
        _inode = FileStatus.TryRead(path)?.Inode ?? 0;
    }

    public string Path { get; }

    public Socket Listener { get; }

    /// <summary>Listens on a path. Only the user of this process can connect.</summary>
    /// <exception cref="XenStoreServerException">The socket cannot be created. The message says why.</exception>
    public static SocketFile Listen(string path)
    {
        if (Encoding.UTF8.GetByteCount(path) is var length and > LongestPath)
            throw new XenStoreServerException($"The socket path {path} has {length} bytes, but Linux allows {LongestPath}. Choose a shorter path.");
        if (System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path)) is { } directory && !Directory.Exists(directory))
            throw new XenStoreServerException($"The directory {directory} for the socket {path} does not exist. Create it, or choose another path.");
        ClearStale(path);
        var handle = new SafeSocketHandle(Libc.Socket(FamilyUnix, Stream | CloseOnExec, 0), ownsHandle: true);
        try
        {
            Bind(handle, path);
            // No client can connect between bind and listen, so the mode is set before the first connection.
            Check(Libc.ChangeMode(path, OwnerOnly));
            var listener = new Socket(handle) { Blocking = false };
            listener.Listen(Backlog);
            return new SocketFile(path, listener);
        }
        catch (Win32Exception failure)
        {
            handle.Dispose();
            throw failure.NativeErrorCode == Libc.NoAccess
                ? new XenStoreServerException($"No permission to create the socket {path}. Run as another user, or choose another path.", failure)
                : new XenStoreServerException($"The socket {path} cannot be created: {failure.Message}", failure);
        }
    }

    /// <summary>Stops listening. Removes the file unless another process has replaced it.</summary>
    public void Close()
    {
        Listener.Dispose();
        if (FileStatus.TryRead(Path)?.Inode == _inode)
            File.Delete(Path);
    }

    /// <summary>Removes the socket of a server that has died. A live socket and any other file are left alone.</summary>
    private static void ClearStale(string path)
    {
        if (FileStatus.TryRead(path) is not { } status)
            return;
        if (status.Type != FileType.Socket)
            throw new XenStoreServerException($"{path} is {status.Description} and not a socket. Choose another path, or move the file away.");
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
            return;
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.AccessDenied)
        {
            throw new XenStoreServerException($"No permission to use the socket {path}. Run as another user, or choose another path.", failure);
        }
        catch (SocketException full) when (full.SocketErrorCode == SocketError.WouldBlock)
        {
            // If the queue of connections is full, a server is listening.
        }
        throw new XenStoreServerException($"Another server already listens on {path}. Stop it, or choose another path.");
    }

    /// <summary>Binds without <see cref="Socket.Bind"/>, which would remove the file on dispose even if another process has replaced it.</summary>
    private static void Bind(SafeSocketHandle handle, string path)
    {
        var bytes = Encoding.UTF8.GetBytes(path);
        var address = new byte[sizeof(ushort) + bytes.Length + 1];
        BitConverter.TryWriteBytes(address, (ushort)FamilyUnix);
        bytes.CopyTo(address, sizeof(ushort));
        Check(Libc.Bind(handle, ref address[0], (uint)address.Length));
    }

    private static void Check(int result)
    {
        if (result < 0)
            throw new Win32Exception();
    }
}
