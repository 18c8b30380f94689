using System.Net.Sockets;
using System.Text.Json;
using Actors.Cli.CommandLine;
using Actors.XenStore;

namespace Actors.Cli.Control;

/// <summary>Sends requests to the running daemon.</summary>
internal static class ControlClient
{
    private const int LongestAnswer = 16 * 1024 * 1024;
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ConnectAgainAfter = TimeSpan.FromMilliseconds(20);

    /// <summary>Whether a daemon listens on a socket. A daemon that was killed leaves its keys in xenstore behind, but nothing listens on its socket.</summary>
    /// <param name="path">The socket; empty if the daemon has none.</param>
    public static bool Listens(string path)
    {
        if (path.Length == 0)
            return true;
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException error)
        {
            // The daemon of another user runs, even if this user may not connect to it.
            return error.SocketErrorCode is SocketError.AccessDenied;
        }
    }

    /// <summary>Sends one request and waits for its answer.</summary>
    /// <returns>The body of the answer.</returns>
    /// <exception cref="CommandException">No daemon runs, or it rejected the request.</exception>
    public static async Task<JsonElement> RequestAsync(IXenStore store, string verb, IReadOnlyList<string> arguments, CancellationToken cancellation) =>
        await RequestAsync(await PublishedHost.ReadAsync(store, cancellation), verb, arguments, cancellation);

    /// <summary>The same for a daemon whose keys have been read.</summary>
    public static async Task<JsonElement> RequestAsync(PublishedHost host, string verb, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        if (!host.Running || host.Control.Length == 0)
            throw new CommandException(ExitCode.Unreachable, "no actors daemon is running here; 'actors run' starts one");
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await ConnectAsync(socket, host.Control, cancellation);
            await using var stream = new NetworkStream(socket);
            await TrySendAsync(stream, new ControlRequest(verb, arguments), cancellation);
            var answer = JsonSerializer.Deserialize(await ControlLine.ReadAsync(stream, LongestAnswer, cancellation), ControlJson.Default.ControlAnswer)!;
            return answer.Error is null ? answer.Body ?? default : throw new CommandException(answer.ExitCode, answer.Error.Split('\n'));
        }
        catch (Exception error) when (error is SocketException or IOException or JsonException)
        {
            throw new CommandException(ExitCode.Unreachable, $"the daemon does not answer at {host.Control}: {error.Message}; does it belong to another user?");
        }
    }

    // While too many others connect, the kernel rejects a connection at once instead of having it wait.
    private static async Task ConnectAsync(Socket socket, string path, CancellationToken cancellation)
    {
        for (var begun = TimeProvider.System.GetTimestamp(); ;)
        {
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
                return;
            }
            catch (SocketException error) when (error.SocketErrorCode == SocketError.WouldBlock && TimeProvider.System.GetElapsedTime(begun) < ConnectWithin)
            {
                await Task.Delay(ConnectAgainAfter, TimeProvider.System, cancellation);
            }
        }
    }

    // A daemon that cannot serve the request says why, and closes the connection before it has read it.
    private static async Task TrySendAsync(NetworkStream stream, ControlRequest request, CancellationToken cancellation)
    {
        try
        {
            await ControlLine.WriteAsync(stream, JsonSerializer.Serialize(request, ControlJson.Default.ControlRequest), cancellation);
        }
        catch (IOException)
        {
            // The answer explains it, if there is one.
        }
    }
}
