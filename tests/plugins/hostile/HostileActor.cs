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

internal static class Native
{
    [DllImport("libc", EntryPoint = "raise")]
    public static extern int Raise(int signal);

    [DllImport("libc", EntryPoint = "abort")]
    public static extern void Abort();

    [DllImport("libc", EntryPoint = "close")]
    public static extern int Close(int descriptor);

    [DllImport("libc", EntryPoint = "getppid")]
    public static extern int Parent();

    [DllImport("libc", EntryPoint = "memset")]
    public static extern nint Fill(nint at, int value, nint count);
}
