using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Actors.Sdk;

namespace Actors.HostilePlugin;

/// <summary>Does what no process can defend itself against. The argument chooses what.</summary>
[Actor("hostile")]
internal sealed class HostileActor : IActor
{
    private static readonly List<byte[]> Kept = [];
    private static readonly List<FileStream> Opened = [];

    public async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        await Task.Yield();
        switch (request.Argument)
        {
            case "exit":
                Environment.Exit(0);
                break;
            case "fail-fast":
                Environment.FailFast("enough");
                break;
            case "overflow":
                return Outcome.Short(new Kib(Recurse(0)), "");
            case "native-crash":
                Native.Fill((nint)0x12345678, 1, 1);
                break;
            case "abort":
                Native.Abort();
                break;
            case "heap":
                while (true)
                    Kept.Add(new byte[1 << 20]);
            case "native-memory":
                while (true)
                    Native.Fill(Marshal.AllocHGlobal(1 << 20), 1, 1 << 20);
            case "throw-on-thread":
                new Thread(() => throw new InvalidOperationException("on a thread of its own")).Start();
                await Task.Delay(Timeout.InfiniteTimeSpan, domain.Time, cancellation);
                break;
            case "close-everything":
                for (var descriptor = 0; descriptor < 200; descriptor++)
                    _ = Native.Close(descriptor);
                await Task.Delay(Timeout.InfiniteTimeSpan, domain.Time, cancellation);
                break;
            case "write-everything":
                for (var descriptor = 3; descriptor < 200; descriptor++)
                    _ = Native.Write(descriptor, Enumerable.Repeat((byte)0xFF, 64).ToArray(), 64);
                await Task.Delay(Timeout.InfiniteTimeSpan, domain.Time, cancellation);
                break;
            case "half-a-frame":
                for (var descriptor = 3; descriptor < 200; descriptor++)
                    _ = Native.Write(descriptor, [255, 0, 0, 0, 1], 5);
                // What the process sends next is read as the rest.
                for (var line = 0; line < 10; line++)
                    domain.Log.Info(new string('x', 300));
                await Task.Delay(Timeout.InfiniteTimeSpan, domain.Time, CancellationToken.None);
                break;
            case "threads":
                while (true)
                    new Thread(() => new ManualResetEvent(false).WaitOne()).Start();
            case "exit-that-hangs":
                AppDomain.CurrentDomain.ProcessExit += (_, _) => new ManualResetEvent(false).WaitOne();
                Environment.Exit(0);
                break;
            case "hold-everything":
                for (var held = 0; held < 5000; held++)
                    _ = Task.Run(() => new ManualResetEvent(false).WaitOne(), CancellationToken.None);
                new ManualResetEvent(false).WaitOne();
                break;
            case "throw-async-void":
                ThrowAsyncVoid();
                await Task.Delay(Timeout.InfiniteTimeSpan, domain.Time, cancellation);
                break;
            case "lie":
                return Outcome.Reached(request.Target, "all done");
            case "report":
                for (var report = 0; report < 200_000; report++)
                    domain.Report(new Progress(new Kib(report), "\u001b[31m"));
                return await EndAsync(domain, "reported");
            case "log":
                for (var line = 0; line < 100_000; line++)
                    domain.Log.Warn("garbage");
                return await EndAsync(domain, "logged");
            case "store":
                for (var key = 0; key < 5_000; key++)
                    await domain.Store.WriteAsync($"data/flood/{key}", "garbage", cancellation);
                return await EndAsync(domain, "written");
            case "files":
                return Tried("open", () =>
                {
                    for (var open = 0; open < 10_000; open++)
                        Opened.Add(File.OpenRead("/dev/null"));
                });
            case "fork":
                return await EndAsync(domain, Native.Call(57, 0, 0, 0) == -1 ? "fork failed" : "fork worked");
            case "signal-parent":
                return await EndAsync(domain, Native.Call(234, Native.Parent(), Native.Parent(), 9) == -1 ? "signal failed" : "signal worked");
            case "outlive-parent":
                return await EndAsync(domain, Native.Call(157, 1, 0, 0) == -1 ? "prctl failed" : "prctl worked");
            case "read-parent":
                return Tried("read", () => File.OpenRead($"/proc/{Native.Parent()}/mem").Dispose());
            case "kill-itself":
                return Tried("kill", () => Process.GetProcessById(Environment.ProcessId).Kill());
            case "kill-parent":
                return Tried("kill", () => Process.GetProcessById(Native.Parent()).Kill());
            case "start-program":
                return Tried("start", () => Process.Start("/bin/true"));
            case "socket":
                return Tried("socket", () => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp).Dispose());
            case "print":
                for (var line = 0; line < 100_000; line++)
                    Console.WriteLine("garbage");
                return await EndAsync(domain, Console.ReadLine() is null ? "printed, and read nothing" : "read something");
            case "ignore-cancellation":
                await Task.Delay(Timeout.InfiniteTimeSpan, domain.Time, CancellationToken.None);
                break;
            case "spin":
                for (; ; )
                {
                }
            case "throw":
                throw new OddException();
            case "nothing":
                return null!;
            case "identity":
                return await EndAsync(domain, string.Join("; ", (await File.ReadAllLinesAsync("/proc/self/status", cancellation))
                    .Where(line => line.Split(':')[0] is "Uid" or "Gid" or "Groups" or "CapPrm" or "CapEff" or "NoNewPrivs").Select(line => line.Replace('\t', ' ').TrimEnd())));
            case "change-itself":
                return Tried("write", () => File.AppendAllText(Path.Combine(Directory.GetDirectories(Path.GetTempPath(), $"actors-plugin-{Environment.ProcessId}-*")[0], "hostile.dll"), " "));
            case "stop-itself":
                _ = Native.Raise(19);
                break;
            case "throw-elsewhere":
                // No frame of the trace is this plugin's.
                new Thread(typeof(File).GetMethod(nameof(File.Delete))!.CreateDelegate<ThreadStart>("/proc")).Start();
                await Task.Delay(Timeout.InfiniteTimeSpan, domain.Time, cancellation);
                break;
            case "block-pool":
                for (var blocked = 0; blocked < 5000; blocked++)
                    _ = Task.Run(() => new ManualResetEvent(false).WaitOne(), CancellationToken.None);
                break;
            case "other-domain":
                return await EndAsync(domain, await domain.Store.ReadAsync("../2/name", cancellation) ?? "nothing");
        }
        if (await Attacks.RunAsync(request.Argument, domain, cancellation) is { } result)
            return await EndAsync(domain, result);
        return await EndAsync(domain, $"in process {Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}");
    }

    public async Task ReleaseAsync(IDomain domain, CancellationToken cancellation) => await domain.Store.WriteAsync("data/released", "yes", cancellation);

    public ValueTask DisposeAsync() => default;

    private static async Task<Outcome> EndAsync(IDomain domain, string reason) => Outcome.Short((await domain.InspectAsync()).Footprint, reason);

    private static Outcome Tried(string what, Action action)
    {
        try
        {
            action();
            return Outcome.Short(Kib.Zero, $"{what} worked");
        }
        catch (Exception error)
        {
            return Outcome.Short(Kib.Zero, $"{what} failed: {error.GetType().Name}");
        }
    }

    private static async void ThrowAsyncVoid()
    {
        await Task.Yield();
        throw new InvalidOperationException("in an async void");
    }

    private static long Recurse(long depth) => depth < 0 ? 0 : Recurse(depth + 1) + 1;
}

/// <summary>An exception whose text is code that fails.</summary>
internal sealed class OddException : Exception
{
    public override string Message => throw new InvalidOperationException();

    public override string ToString() => throw new InvalidOperationException();
}

/// <summary>Never finishes being constructed.</summary>
[Actor("endless-constructor")]
internal sealed class EndlessConstructor : IActor
{
    public EndlessConstructor() => new ManualResetEvent(false).WaitOne();

    public Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation) => throw new NotSupportedException();

    public Task ReleaseAsync(IDomain domain, CancellationToken cancellation) => Task.CompletedTask;

    public ValueTask DisposeAsync() => default;
}

/// <summary>Its release and its end never return, or throw.</summary>
[Actor("never-ends")]
internal sealed class NeverEnds : IActor
{
    public async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation) =>
        Outcome.Short((await domain.InspectAsync(cancellation)).Footprint, string.Create(CultureInfo.InvariantCulture, $"in process {Environment.ProcessId}"));

    public Task ReleaseAsync(IDomain domain, CancellationToken cancellation) => throw new InvalidOperationException("on release");

    public ValueTask DisposeAsync() => new(new TaskCompletionSource().Task);
}

/// <summary>Its static initialiser never ends.</summary>
[Actor("spinning-initializer")]
internal sealed class SpinningInitializer : IActor
{
    static SpinningInitializer()
    {
        while (Environment.ProcessId != 0)
        {
        }
    }

    public Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation) => throw new NotSupportedException();

    public Task ReleaseAsync(IDomain domain, CancellationToken cancellation) => Task.CompletedTask;

    public ValueTask DisposeAsync() => default;
}

/// <summary>Its constructor ends the process.</summary>
[Actor("exiting-constructor")]
internal sealed class ExitingConstructor : IActor
{
    public ExitingConstructor() => Environment.Exit(0);

    public Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation) => throw new NotSupportedException();

    public Task ReleaseAsync(IDomain domain, CancellationToken cancellation) => Task.CompletedTask;

    public ValueTask DisposeAsync() => default;
}

/// <summary>Its constructor constructs another one.</summary>
[Actor("recursive-constructor")]
internal sealed class RecursiveConstructor : IActor
{
    public RecursiveConstructor() => _ = new RecursiveConstructor();

    public Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation) => throw new NotSupportedException();

    public Task ReleaseAsync(IDomain domain, CancellationToken cancellation) => Task.CompletedTask;

    public ValueTask DisposeAsync() => default;
}

/// <summary>Has no constructor that the host can call.</summary>
[Actor("wrong-constructor")]
internal sealed class WrongConstructor(int number) : IActor
{
    public Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation) => Task.FromResult(Outcome.Short(new Kib(number), ""));

    public Task ReleaseAsync(IDomain domain, CancellationToken cancellation) => Task.CompletedTask;

    public ValueTask DisposeAsync() => default;
}

/// <summary>Does its work while the others attack.</summary>
[Actor("innocent")]
internal sealed class InnocentActor : IActor
{
    public async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        await domain.Store.WriteAsync("data/innocent", request.Argument, cancellation);
        return Outcome.Short((await domain.InspectAsync(cancellation)).Footprint, request.Argument);
    }

    public Task ReleaseAsync(IDomain domain, CancellationToken cancellation) => Task.CompletedTask;

    public ValueTask DisposeAsync() => default;
}
