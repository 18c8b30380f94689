using System.Runtime.InteropServices;
using Actors.Sdk;

namespace Actors.HostilePlugin;

/// <summary>More attacks, by the argument of the actor. A result is the reason of the outcome; those that return none never end.</summary>
internal static class Attacks
{
    private static readonly List<IDomain> Domains = [];

    public static Task<string?> RunAsync(string attack, IDomain domain, CancellationToken cancellation) => attack switch
    {
        "half-a-frame-and-silence" => Forgery.SendAsync([255, 0, 0, 0, 1]),
        "forged-length" => Forgery.SendAsync([0xFF, 0xFF, 0xFF, 0x7F, 5, 1, 0, 0, 0, 0, 0, 0, 0, 0]),
        "forged-negative-length" => Forgery.SendAsync([0x01, 0, 0, 0, 5, 1, 0, 0, 0, 0, 0, 0, 0, 0]),
        "forged-reply" => Forgery.SendAsync([10, 0, 0, 0, 2, 0, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0]),
        "forged-faults" => Forgery.SendManyAsync(Forgery.Notice(Forgery.FaultVerb, "{\"what\":\"\\u001b[2Jforged\"}"), 200_000),
        "forged-metrics" => Forgery.SendManyAsync(Forgery.Notice(Forgery.MetricsVerb, "{\"metrics\":[{\"name\":\"\\u001b\",\"isCounter\":true,\"unit\":\"\",\"description\":\"\",\"value\":1}]}"), 20),
        "log-escapes" => Sync(() => LogEscapes(domain)),
        "huge-line" => Sync(() => domain.Log.Warn(new string('x', 2 << 20))),
        "bad-progress" => Sync(() => BadProgress(domain)),
        "data-throws" => throw new OddData(),
        "message-spins" => throw new SpinningMessage(),
        "huge-message" => throw new InvalidOperationException(new string('x', 50 << 20)),
        "async-recursion" => RecurseAsync(),
        "huge-stack" => Sync(HugeStack),
        "unobserved" => Sync(Unobserved),
        "deadlock" => Sync(Deadlock),
        "map-100-gib" => Sync(() => Map(100L << 30, shared: false)),
        "touch-shared" => Sync(() => Touch(Map(2L << 30, shared: true), 2L << 30)),
        "clone3" => Result(Native.Call(435, 0, 0, 0) == -1 ? "failed" : "worked"),
        "vfork" => Result(Native.Call(58, 0, 0, 0) == -1 ? "failed" : "worked"),
        "queue-signal" => Result(Native.Call(129, Native.Parent(), 9, 0) == -1 ? "failed" : "worked"),
        "pidfd" => Result(Native.Call(434, Native.Parent(), 0, 0) == -1 ? "failed" : "worked"),
        "ring" => Result(Native.Call(425, 8, Marshal.AllocHGlobal(256), 0) == -1 ? "failed" : "worked"),
        "memory-file" => Result(Native.Call(319, Marshal.StringToHGlobalAnsi("x"), 0, 0) == -1 ? "failed" : "worked"),
        "fill-the-disk" => Sync(FillTheDisk),
        "finalizer-spins" => Sync(SpinInFinalizer),
        "finalizer-throws" => Sync(ThrowInFinalizer),
        "late" => Sync(() => Late(domain)),
        "used-late" => UseLateAsync(),
        "many-requests" => ManyRequestsAsync(domain),
        "failing-requests" => FailingRequestsAsync(domain),
        "watches" => WatchesAsync(domain),
        "endless-line" => Sync(EndlessLine),
        _ => Task.FromResult<string?>(null),
    };

    private static Task<string?> Sync(Action action)
    {
        action();
        return Task.FromResult<string?>("done");
    }

    private static Task<string?> Sync<T>(Func<T> action) => Task.FromResult<string?>($"done: {action()}");

    private static Task<string?> Result(string reason) => Task.FromResult<string?>(reason);

    private static void LogEscapes(IDomain domain)
    {
        for (var line = 0; line < 10_000; line++)
            domain.Log.Warn("\u001b]0;owned\u0007\u001b[2J\r\n12:00:00.000 warn  everything is fine\u202e");
    }

    private static void BadProgress(IDomain domain)
    {
        foreach (var amount in new[] { long.MinValue, long.MaxValue, -1, 0 })
            domain.Report(new Progress(new Kib(amount), new string('\u001b', 10_000)));
        domain.Report(new Progress(default, null!));
    }

    private static async Task<string?> RecurseAsync()
    {
        await Task.Yield();
        return await RecurseAsync();
    }

    private static void HugeStack()
    {
        var thread = new Thread(() => Native.Fill(Marshal.AllocHGlobal(1), 1, 1), 1 << 30);
        thread.Start();
        thread.Join();
    }

    private static void Unobserved()
    {
        for (var round = 0; round < 20; round++)
        {
            for (var task = 0; task < 500; task++)
                _ = Task.FromException(new InvalidOperationException("nobody awaits this"));
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    private static void Deadlock()
    {
        object first = new(), second = new();
        using var held = new Barrier(2);
        var other = new Thread(() =>
        {
            lock (second)
            {
                held.SignalAndWait();
                lock (first)
                {
                }
            }
        });
        other.Start();
        lock (first)
        {
            held.SignalAndWait();
            lock (second)
            {
            }
        }
    }

    private static nint Map(long bytes, bool shared) => Native.Map(0, (nuint)bytes, 3, shared ? 0x21 : 0x22, -1, 0);

    private static string Touch(nint at, long bytes)
    {
        if (at == -1)
            return "refused";
        for (var offset = 0L; offset < bytes; offset += 4096)
        {
            Marshal.WriteByte((nint)(at + offset), 1);
            if (offset % (64L << 20) == 0)
                new ManualResetEvent(false).WaitOne(300);
        }
        return "touched";
    }

    private static string FillTheDisk()
    {
        var path = Path.Combine(Path.GetTempPath(), $"fill-{Environment.ProcessId}");
        try
        {
            using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write, options: FileOptions.DeleteOnClose);
            var block = new byte[1 << 20];
            for (var offset = 0L; offset < 10L << 30; offset += block.Length)
                RandomAccess.Write(file, block, offset);
            return "filled";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return error.GetType().Name;
        }
    }

    private static void SpinInFinalizer()
    {
        Make<Spinner>();
        GC.Collect();
    }

    private static void ThrowInFinalizer()
    {
        Make<Thrower>();
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    private static void Make<T>() where T : new()
    {
        for (var made = 0; made < 10; made++)
            _ = new T();
    }

    private static void Late(IDomain domain) => Domains.Add(domain);

    private static async Task<string?> UseLateAsync()
    {
        var failed = 0;
        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(async () =>
        {
            foreach (var domain in Domains)
            {
                domain.Report(new Progress(new Kib(1), "late"));
                domain.Log.Warn("late");
                try
                {
                    await domain.Store.WriteAsync("data/late", "1");
                }
                catch (OperationCanceledException)
                {
                    Interlocked.Increment(ref failed);
                }
            }
        })));
        return $"late: {failed} refused";
    }

    private static async Task<string?> ManyRequestsAsync(IDomain domain)
    {
        await Task.WhenAll(Enumerable.Range(0, 20_000).Select(key => domain.Store.WriteAsync($"data/many/{key % 100}", "x").AsTask()));
        return "written";
    }

    private static async Task<string?> FailingRequestsAsync(IDomain domain)
    {
        for (var request = 0; request < 30_000; request++)
        {
            try
            {
                await domain.Store.ReadAsync("../2/name");
            }
            catch (Exception)
            {
            }
        }
        return "failed";
    }

    private static async Task<string?> WatchesAsync(IDomain domain)
    {
        var watches = Enumerable.Range(0, 5_000).Select(async key =>
        {
            await foreach (var _ in domain.Store.WatchAsync($"data/watch/{key}"))
            {
            }
        }).ToList();
        await Task.WhenAny(Task.WhenAll(watches), Task.Delay(TimeSpan.FromSeconds(2), domain.Time));
        return $"refused {watches.Count(watch => watch.IsFaulted)}";
    }

    private static void EndlessLine()
    {
        var block = Enumerable.Repeat((byte)'x', 1 << 20).ToArray();
        for (var megabyte = 0; megabyte < 200; megabyte++)
            Native.WriteAll(2, block);
    }
}

/// <summary>An exception whose data are code that fails.</summary>
internal sealed class OddData : Exception
{
    public override System.Collections.IDictionary Data => throw new InvalidOperationException();
}

/// <summary>An exception whose text never ends.</summary>
internal sealed class SpinningMessage : Exception
{
    public override string Message
    {
        get
        {
            while (Environment.ProcessId != 0)
            {
            }
            return "";
        }
    }
}

internal sealed class Spinner
{
    ~Spinner()
    {
        while (Environment.ProcessId != 0)
        {
        }
    }
}

internal sealed class Thrower
{
    private readonly string _what = "in a finalizer";

    ~Thrower()
    {
        if (_what.Length > 0)
            throw new InvalidOperationException(_what);
    }
}
