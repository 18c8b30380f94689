using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Actors.Cli.Control;
using Actors.Host.Control;
using Actors.Host.Logging;
using Actors.Sdk.Testing;

namespace Actors.Host.Tests.Control;

/// <summary>A client of the control socket can be slow, greedy or silent; the daemon and the other clients must not notice.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ControlServerTests : IDisposable
{
    private const string Request = "{\"verb\":\"echo\",\"arguments\":[\"hello\"]}\n";

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"actors-{Guid.NewGuid():N}");
    private readonly FakeClock _clock = new();
    private readonly CancellationTokenSource _deadline = new();
    private readonly ControlVerbs _verbs = new();

    [SetUp]
    public void SetUp()
    {
        _deadline.CancelAfter(TimeSpan.FromSeconds(60));
        _verbs.Add("echo", (arguments, _) => Task.FromResult(ControlAnswer.Ok(JsonSerializer.SerializeToElement(arguments[0]))));
    }

    public void Dispose() => _deadline.Dispose();

    [Test]
    public async Task A_request_that_is_too_long_is_cut_off_and_the_next_client_is_served()
    {
        await using var server = Start();
        using var greedy = await ConnectAsync();

        await SendAsync(greedy, new string('x', 2000));

        Assert.That(await ReadAsync(greedy), Is.Empty);
        Assert.That(await AskAsync(), Does.Contain("hello"));
    }

    [Test]
    public async Task A_new_client_takes_the_place_of_the_one_that_has_been_silent_for_the_longest_time()
    {
        await using var server = Start();
        using var first = await ConnectAsync();
        using var second = await ConnectAsync();
        await SendAsync(second, "{");

        Assert.That(await AskAsync(), Does.Contain("hello"), "no time has passed");
        Assert.That(await ReadAsync(first), Is.Empty);
        await SendAsync(second, Request[1..]);
        Assert.That(await ReadAsync(second), Does.Contain("hello"));
    }

    [Test]
    public async Task A_silent_client_is_disconnected_when_its_time_is_up()
    {
        await using var server = Start();
        using var client = await ConnectAsync();
        await SendAsync(client, "{");
        var disconnected = ReadAsync(client);

        while (!disconnected.IsCompleted)
        {
            _deadline.Token.ThrowIfCancellationRequested();
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.That(await disconnected, Is.Empty);
        Assert.That(_clock.Elapsed, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(10)));
    }

    [Test]
    public async Task Clients_whose_requests_are_being_handled_keep_their_places()
    {
        var (started, done) = (0, new TaskCompletionSource());
        _verbs.Add("slow", async (arguments, _) =>
        {
            Interlocked.Increment(ref started);
            await done.Task;
            return ControlAnswer.Ok(JsonSerializer.SerializeToElement(arguments[0]));
        });
        await using var server = Start();
        Task<string>[] slow = [AskAsync(Request.Replace("echo", "slow", StringComparison.Ordinal)), AskAsync(Request.Replace("echo", "slow", StringComparison.Ordinal))];
        while (Volatile.Read(ref started) < 2)
            await Task.Yield();
        var third = AskAsync();

        done.SetResult();
        Assert.That(await Task.WhenAll([.. slow, third]), Has.All.Contain("hello"));
    }

    [TestCase(typeof(SocketException))]
    [TestCase(typeof(IOException))]
    public async Task When_no_file_descriptor_is_left_the_server_tries_again(Type error)
    {
        var failures = 3;
        await using var server = Start((listener, stop) => failures-- > 0
            ? throw (Exception)Activator.CreateInstance(error)!
            : listener.AcceptAsync(stop));
        var answer = AskAsync();

        while (!answer.IsCompleted)
        {
            _deadline.Token.ThrowIfCancellationRequested();
            _clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        Assert.That(await answer, Does.Contain("hello"));
        Assert.That(failures, Is.LessThan(0));
    }

    [Test]
    public async Task The_last_file_descriptors_are_not_given_to_clients()
    {
        await using var server = Start(isShort: true);

        var answer = AskAsync();
        while (!answer.IsCompleted)
        {
            _deadline.Token.ThrowIfCancellationRequested();
            _clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        Assert.That(await answer, Does.Contain("hardly any file descriptors are left"));
    }

    [TestCase("no json\n")]
    [TestCase("{}\n")]
    [TestCase("{\"verb\":null,\"arguments\":[]}\n")]
    [TestCase("[[[[[[[[\n")]
    public async Task A_malformed_request_gets_no_answer_and_the_next_client_is_served(string request)
    {
        await using var server = Start();
        using var client = await ConnectAsync();
        await SendAsync(client, request);

        Assert.That(await ReadAsync(client), Is.Empty);
        Assert.That(await AskAsync(), Does.Contain("hello"));
    }

    [Test]
    public async Task A_request_with_missing_arguments_is_an_error_in_words()
    {
        await using var server = Start();
        using var client = await ConnectAsync();
        await SendAsync(client, "{\"verb\":\"echo\",\"arguments\":[]}\n");

        Assert.That(await ReadAsync(client), Does.Contain("failed").And.Not.Contain("   at "));
    }

    private ControlServer Start(Func<Socket, CancellationToken, ValueTask<Socket>>? accept = null, bool isShort = false) =>
        new(_path, _verbs, Log.Silent, new ControlLimits { Clients = 2, RequestBytes = 1000, IsShortOfDescriptors = _ => isShort }, _clock, accept);

    private async Task<string> AskAsync(string request = Request)
    {
        using var client = await ConnectAsync();
        await SendAsync(client, request);
        return await ReadAsync(client);
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(_path), _deadline.Token);
        return socket;
    }

    // The server may close the connection before it has read everything.
    private async Task SendAsync(Socket socket, string text)
    {
        try
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes(text), _deadline.Token);
        }
        catch (SocketException)
        {
        }
    }

    private async Task<string> ReadAsync(Socket socket)
    {
        var (text, buffer) = (new StringBuilder(), new byte[1024]);
        try
        {
            while (await socket.ReceiveAsync(buffer, _deadline.Token) is > 0 and var count)
                text.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }
        catch (SocketException)
        {
        }
        return text.ToString();
    }
}
