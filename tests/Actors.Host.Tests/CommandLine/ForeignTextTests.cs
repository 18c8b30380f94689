using System.Globalization;
using System.Text;
using System.Text.Json;
using Actors.Dispatch.Journal;
using Actors.Dispatch.State;
using Actors.XenStore;

namespace Actors.Host.Tests.CommandLine;

/// <summary>Names, keys, reasons and files that try to control a terminal, to forge lines or to hide text, in every output.</summary>
[NonParallelizable]
internal sealed class ForeignTextTests
{
    private const string Evil = "\u001b[2J\u009b31m\u0007\r\n\u202egnp\u2066\u2028\u2029\u200b\u0085\ufeff";

    private const string Scenario = """
        host: { memory: 2GiB }
        domains:
          - { name: one, memory: 256MiB, boot: 10ms }
          - { name: two, memory: 256MiB, boot: 10ms }
        """;

    private ScratchFolder _folder = null!;

    [SetUp]
    public void Open() => _folder = new ScratchFolder();

    [TearDown]
    public void Close() => _folder.Dispose();

    [Test]
    public async Task Reaches_no_terminal_and_no_log_unescaped()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(3), TimeProvider.System);
        var (plugins, policies, journal) = (Prepare("plugins"), Prepare("policies"), At("journal"));
        WritePlugins(plugins);
        WritePolicies(policies);
        await File.WriteAllTextAsync(At("s.yaml"), Scenario, deadline.Token);
        await File.WriteAllTextAsync(journal, JsonSerializer.Serialize(Entry(), JournalJson.Readable.JournalEntry) + "\n", deadline.Token);
        using var daemon = await Simulation.Daemon.StartAsync(
            deadline.Token, "--verbose", "--sim", At("s.yaml"), "--store-socket", At("socket"), "--journal", journal, "--plugins", plugins,
            "--policies", policies, "--default-policy", "balloon");
        await using (var store = await XenStoreClient.ConnectAsync(XenStoreEndpoint.Socket(At("socket")), cancellation: deadline.Token))
            await WriteKeysAsync(store, deadline.Token);

        string[] at = ["--store", $"unix:{At("socket")}"];
        string[] evilPlugin = [Directory.GetDirectories(plugins).Single(folder => !folder.EndsWith("balloon", StringComparison.Ordinal))];
        string[][] lines =
        [
            ["list", .. at], ["list", "--json", .. at],
            ["explain", "1", .. at], ["explain", "1", "--json", .. at], ["explain", "2", .. at], ["explain", Evil, .. at],
            ["history", .. at], ["history", "--json", .. at], ["history", "--journal", At($"no{Evil}")],
            ["mem-policy", "1", .. at], ["mem-policy", "1", "--json", .. at], ["mem-policy", "2", $"x{Evil}", .. at],
            ["mem-set", "1", "200m", .. at], ["mem-set", "1", $"1{Evil}", .. at], ["mem-set", Evil, "1g", .. at],
            ["plugin", "list", .. at], ["plugin", "list", "--json", .. at], ["plugin", "validate", .. evilPlugin], ["plugin", "inspect", .. evilPlugin],
            ["plugin", "inspect", Evil, .. at], ["plugin", "reload", Evil, .. at], ["plugin", "rollback", Evil, .. at], ["plugin", "test", .. evilPlugin],
            ["policy", "list", .. at], ["policy", "list", "--json", .. at], ["policy", "lint", "--policies", policies], ["policy", "lint", At(Evil)],
            ["policy", "test", "--policies", policies], ["policy", "explain", "1", .. at], ["policy", "explain", "2", .. at], ["policy", "new", Evil],
            ["run", "--config", At(Evil)], ["run", "--sim", At(Evil)], ["doctor"], [Evil], ["list", Evil], ["list", $"--{Evil}"],
        ];

        Assert.Multiple(async () =>
        {
            var everything = new StringBuilder();
            foreach (var line in lines)
            {
                var run = await CommandLineRun.OfAsync(line, deadline.Token);
                everything.Append(run.Screen);
                var isTable = line is ["list" or "history", ..] or [_, "list", ..] && !line.Contains("--json") && run.Output.Contains('\t', StringComparison.Ordinal);
                if (isTable)
                    Assert.That(run.Output.TrimEnd().Split('\n').Select(row => row.Count(letter => letter == '\t')).Distinct().Count(), Is.EqualTo(1), "each row has all columns and no more");
                Assert.That(Unprintable(run.Screen.Replace("\n", "", StringComparison.Ordinal).Replace(isTable ? "\t" : "\n", "", StringComparison.Ordinal)), Is.Empty, string.Join(' ', line));
            }
            // The texts were there to be printed.
            foreach (var origin in new[] { "name", "reason", "key", "shadow", "manifest", "description", "file" })
                Assert.That(everything.ToString(), Does.Contain($"evil-{origin}"), origin);
        });
        Assert.That(await daemon.StopAsync(deadline.Token), Is.Zero);
        Assert.That(daemon.Log.SelectMany(Unprintable), Is.Empty);
        Assert.That(daemon.Log, Has.Some.Contains("evil-"));
    }

    private static IEnumerable<string> Unprintable(string text) => text.EnumerateRunes()
        .Where(letter => Rune.GetUnicodeCategory(letter) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
        .Select(letter => $"U+{letter.Value:X4}");

    private static async Task WriteKeysAsync(XenStoreClient store, CancellationToken cancellation)
    {
        await store.WriteTextAsync("/local/domain/1/name", $"evil-name{Evil}", cancellation);
        await store.WriteTextAsync("/local/domain/1/memory-policy/actor", $"evil-key{Evil}", cancellation);
        await store.WriteTextAsync("/local/domain/1/memory-policy/target", $"1{Evil}", cancellation);
        var state = new StateKey { Outcome = "short", Actor = "balloon", Since = DateTimeOffset.UnixEpoch, Serial = 7, Reason = $"evil-reason{Evil}" };
        await store.WriteTextAsync("/local/domain/2/memory-policy/reason", $"evil-reason{Evil}", cancellation);
        await store.WriteTextAsync("/local/domain/2/memory-policy/state", $"{state.ToString()[..^1]}{Evil}\"", cancellation);
    }

    private static JournalEntry Entry() => new()
    {
        Time = DateTimeOffset.UnixEpoch,
        Domid = 1,
        Uuid = Guid.Empty,
        Serial = 1,
        Name = $"evil-name{Evil}",
        Actor = $"balloon{Evil}",
        Outcome = $"short{Evil}",
        Reason = $"evil-reason{Evil}",
        Why = $"why{Evil}",
        Shadows = [new JournalShadow($"evil-shadow{Evil}", $"plan{Evil}", $"difference{Evil}")],
    };

    private static void WritePlugins(string folder)
    {
        var balloon = Directory.CreateDirectory(Path.Combine(folder, "balloon")).FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(ProgramFolder.Plugins, "balloon")))
            File.Copy(file, Path.Combine(balloon, Path.GetFileName(file)));
        var evil = Directory.CreateDirectory(Path.Combine(folder, $"evil-plugin{Evil}")).FullName;
        File.WriteAllText(Path.Combine(evil, "plugin.yaml"), "id: \"evil-manifest\\e[2J\\u202e\\r\\n\"\nauthor: \"me\\e[2J\"\n\"evil-manifest\\e[2J\\u202e\\r\\n\": 1\n");
    }

    private static void WritePolicies(string folder)
    {
        foreach (var name in new[] { "balloon.yaml", "balloon.test.yaml" })
            File.Copy(Path.Combine(ProgramFolder.Policies, name), Path.Combine(folder, name));
        File.WriteAllText(Path.Combine(folder, "described.yaml"), "description: \"evil-description\\e[2J\\u202e\\r\\n\"\nsteps: [ { actor: balloon } ]\n");
        File.WriteAllText(Path.Combine(folder, "broken.yaml"), "steps: [ { actor: \"evil-step\\e[2J\" } ]\n\"bad\\e[2J\\u202e\": 1\n");
        File.WriteAllText(Path.Combine(folder, $"evil-file{Evil}.yaml"), "steps: [ { actor: balloon } ]\n");
    }

    private string Prepare(string name) => Directory.CreateDirectory(At(name)).FullName;

    private string At(string name) => Path.Combine(_folder.Path, name);
}
