using System.Net.Sockets;
using System.Text.Json;
using Actors.Sdk;

namespace Actors.Host.Control;

/// <summary>
/// Listens for commands on a unix socket that only the daemon's user can open. Each connection carries one line of JSON each way.
/// Targets and actor keys are not sent here: they go through xenstore, which works without a daemon.
/// </summary>
internal sealed class ControlServer : IAsyncDisposable
{
    private const int Backlog = 16;

    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource _stop = new();
    private readonly ControlVerbs _verbs;
    private readonly IActorLog _log;
    private readonly string _path;
    private readonly Task _loop;

    public ControlServer(string path, ControlVerbs verbs, IActorLog log)
    {
        (_path, _verbs, _log) = (path, verbs, log);
        File.Delete(path);
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _listener.Listen(Backlog);
        _loop = AcceptAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _stop.Cancel();
        await _loop;
        _listener.Dispose();
        File.Delete(_path);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptAsync(_stop.Token));
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
        catch (SocketException error)
        {
            _log.Warn($"commands can no longer reach this daemon: {_path}: {error.Message}");
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            var line = await ControlLine.ReadAsync(stream, _stop.Token);
            var request = JsonSerializer.Deserialize(line, ControlJson.Default.ControlRequest);
            if (request is { Verb: not null, Arguments: not null })
                await ControlLine.WriteAsync(stream, JsonSerializer.Serialize(await _verbs.AnswerAsync(request, _stop.Token), ControlJson.Default.ControlAnswer), _stop.Token);
        }
        catch (Exception error) when (error is OperationCanceledException or IOException or JsonException)
        {
            _log.Debug($"a command disconnected: {error.Message}");
        }
    }
}
