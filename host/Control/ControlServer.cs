using System.Net.Sockets;
using System.Text.Json;
using Actors.Cli.CommandLine;
using Actors.Cli.Control;
using Actors.Sdk;

namespace Actors.Host.Control;

/// <summary>
/// Listens for commands on a unix socket that only the daemon's user can open. Each connection carries one line of JSON each way.
/// Targets and actor keys are not sent here: they go through xenstore, which works without a daemon.
/// </summary>
internal sealed class ControlServer : IAsyncDisposable
{
    private const int Backlog = 512;
    private const string NoDescriptors = "hardly any file descriptors are left; raise its limit of open files (LimitNOFILE= of the unit)";

    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource _stop = new();
    private readonly ControlVerbs _verbs;
    private readonly ControlLimits _limits;
    private readonly TimeProvider _time;
    private readonly IActorLog _log;
    private readonly string _path;
    private readonly SemaphoreSlim _places;
    private readonly SilentClients _silent = new();
    private readonly Task _loop;

    /// <param name="path">The socket.</param>
    /// <param name="verbs">The requests that are accepted.</param>
    /// <param name="log">Receives problems.</param>
    /// <param name="limits">The limits for clients.</param>
    /// <param name="time">The clock of the limits.</param>
    /// <param name="accept">Accepts a connection; a test replaces it to make that fail.</param>
    public ControlServer(
        string path, ControlVerbs verbs, IActorLog log, ControlLimits? limits = null, TimeProvider? time = null,
        Func<Socket, CancellationToken, ValueTask<Socket>>? accept = null)
    {
        (_path, _verbs, _log, _limits, _time) = (path, verbs, log, limits ?? new ControlLimits(), time ?? TimeProvider.System);
        _places = new SemaphoreSlim(_limits.Clients);
        File.Delete(path);
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _listener.Listen(Backlog);
        _loop = AcceptAsync(accept ?? ((listener, stop) => listener.AcceptAsync(stop)));
    }

    public async ValueTask DisposeAsync()
    {
        _stop.Cancel();
        await _loop;
        _listener.Dispose();
        File.Delete(_path);
        _stop.Dispose();
    }

    private async Task AcceptAsync(Func<Socket, CancellationToken, ValueTask<Socket>> accept)
    {
        var failing = false;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var socket = await accept(_listener, _stop.Token);
                if (_limits.IsShortOfDescriptors(socket))
                {
                    await RejectAsync(socket);
                    throw new IOException(NoDescriptors);
                }
                failing = false;
                if (!_places.Wait(0))
                    await MakeRoomAsync(socket);
                _ = ServeAsync(socket);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                // Stopped.
            }
            catch (Exception error)
            {
                if (!failing)
                    _log.Warn($"commands cannot reach this daemon for now: {_path}: {error.Message}");
                failing = true;
                // It holds a file descriptor.
                _silent.DisconnectOldest();
                await Task.Delay(_limits.AcceptAgainAfter, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // A command sends its request at once, so a client that has not sent one for a while is disconnected before a new one has to wait.
    private async Task MakeRoomAsync(Socket socket)
    {
        try
        {
            _silent.DisconnectOldest();
            await _places.WaitAsync(_stop.Token);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task RejectAsync(Socket socket)
    {
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        var answer = ControlAnswer.Failed(ExitCode.Failed, $"the daemon cannot serve this request: {NoDescriptors}");
        await ControlLine.WriteAsync(stream, JsonSerializer.Serialize(answer, ControlJson.Default.ControlAnswer), CancellationToken.None);
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            var line = await _silent.ReadAsync(
                silent => LimitedAsync(cancellation => ControlLine.ReadAsync(stream, _limits.RequestBytes, cancellation), silent), _stop.Token);
            var request = JsonSerializer.Deserialize(line, ControlJson.Default.ControlRequest);
            if (request is not { Verb: not null, Arguments: not null })
                return;
            var answer = JsonSerializer.Serialize(await _verbs.AnswerAsync(request, _stop.Token), ControlJson.Default.ControlAnswer);
            await LimitedAsync(async cancellation =>
            {
                await ControlLine.WriteAsync(stream, answer, cancellation);
                return answer;
            }, _stop.Token);
        }
        catch (Exception error)
        {
            _log.Debug($"a command disconnected: {error.Message}");
        }
        finally
        {
            _places.Release();
        }
    }

    private async Task<string> LimitedAsync(Func<CancellationToken, Task<string>> transfer, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(_limits.Idle, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        return await transfer(either.Token);
    }
}
