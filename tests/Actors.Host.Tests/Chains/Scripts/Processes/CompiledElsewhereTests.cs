using System.Diagnostics;
using Actors.Dispatch.Domains;
using Actors.Dispatch.State;
using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Host.Tests.Chains.Scripts.Processes;

/// <summary>The program never compiles a script in its own process, and keeps working whatever a script does to the compiler.</summary>
internal sealed class CompiledElsewhereTests
{
    private const string Compiler = "Microsoft.CodeAnalysis";

    private static readonly TimeSpan AtMost = TimeSpan.FromMinutes(2);

    [Test]
    public async Task A_daemon_serves_a_script_from_source_beside_one_that_the_compiler_does_not_finish_and_does_not_load_the_compiler()
    {
        using var deadline = new CancellationTokenSource(AtMost, TimeProvider.System);
        using var scratch = new ScratchFolder();
        var policies = Policies(scratch, ("good.csx", "if (Shrinking) return await Run(\"balloon\");\nreturn Unable(\"grows\");"), ("spins.csx", HostileSources.Spins), ("deep.csx", Deep));
        var scenario = Path.Combine(scratch.Path, "s.yaml");
        await File.WriteAllTextAsync(scenario, "host: { memory: 2GiB }\ndomains: [ { name: web, memory: 256MiB, boot: 10ms, guest: { balloon: { rate: 500MiB/s } } } ]\n", deadline.Token);
        var socket = Path.Combine(scratch.Path, "s");
        using var daemon = await Simulation.Daemon.StartAsync(
            deadline.Token, "--sim", scenario, "--store-socket", socket, "--journal", Path.Combine(scratch.Path, "j"), "--policies", policies, "--default-policy", "good");
        await using var store = await XenStoreClient.ConnectAsync(XenStoreEndpoint.Socket(socket), cancellation: deadline.Token);

        await store.WriteTextAsync(PolicyKeys.Of(1, PolicyKeys.Target), $"{Kib.FromMiB(192).Value}", deadline.Token);
        await StateAsync(store, state => state.Outcome == "reached", deadline.Token);

        Assert.That(Loaded(daemon.Id), Is.False, "the daemon loaded the compiler");
        Assert.That(await daemon.StopAsync(deadline.Token), Is.Zero);
        Assert.That(daemon.Log, Has.Some.Contains("deep.csx:1:1006: this expression has more than 1000 parts; use variables and functions"));
    }

    [Test]
    public async Task Lint_reports_a_script_that_the_compiler_does_not_finish_and_continues_with_the_next_and_does_not_load_the_compiler()
    {
        using var scratch = new ScratchFolder();
        var policies = Policies(scratch, ("a.csx", HostileSources.Spins), ("b.csx", Deep), ("c.csx", "return await Run(\"baloon\");"), ("d.yaml", "steps: [{actor: balloon, when: 'Shrinkin'}]"));
        using var lint = Process.Start(new ProcessStartInfo(ProgramFolder.Program, ["policy", "lint", policies, "--plugins", ProgramFolder.Plugins]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = lint.StandardOutput.ReadToEndAsync();
        _ = lint.StandardError.ReadToEndAsync();
        var (loaded, began) = (false, Stopwatch.StartNew());
        while (!lint.HasExited && began.Elapsed < AtMost)
        {
            loaded |= Loaded(lint.Id);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        Assert.That(loaded, Is.False, "the command loaded the compiler");
        Assert.That(lint.ExitCode, Is.EqualTo(3));
        var lines = (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[(policies.Length + 1)..]).ToArray();
        Assert.That(lines[0], Does.Match("^a.csx:1:1: error: the compiler (.*processor time.* when it compiled this script; it is not compiled again until it changes|was killed: it compiled for 30 s)$"));
        Assert.That(lines[1..], Is.EqualTo(new[]
        {
            "b.csx:1:1006: error: this expression has more than 1000 parts; use variables and functions",
            "c.csx:1:18: error: there is no actor or policy 'baloon'; did you mean 'balloon'?",
            "d.yaml:1:33: error: The name 'Shrinkin' does not exist in the current context (CS0103)",
        }));
    }

    // The case 'nested' of the shared list.
    private static string Deep => $"var x = {HostileSources.Repeat("!", 20_000)}Growing;\nreturn await Run(\"balloon\");\n";

    // A new comment, so that no cache of this machine knows the scripts.
    private static string Policies(ScratchFolder scratch, params (string Name, string Text)[] files)
    {
        var folder = Directory.CreateDirectory(Path.Combine(scratch.Path, "policies")).FullName;
        foreach (var (name, text) in files)
            File.WriteAllText(Path.Combine(folder, name), name.EndsWith(".csx", StringComparison.Ordinal) ? $"{text}\n// {Guid.NewGuid()}\n" : text);
        return folder;
    }

    private static bool Loaded(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/maps").Contains(Compiler, StringComparison.Ordinal);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It has ended.
            return false;
        }
    }

    private static async Task StateAsync(XenStoreClient store, Func<StateKey, bool> condition, CancellationToken deadline)
    {
        await using var watch = store.OpenWatchQueue();
        await watch.AddAsync(PolicyKeys.Of(1, PolicyKeys.State), "state", deadline);
        do
            await watch.NextAsync(deadline);
        while (await StateStore.TryReadAsync(store, 1, deadline) is not { } state || !condition(state));
    }
}
