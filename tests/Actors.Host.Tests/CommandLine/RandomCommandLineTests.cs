using System.CommandLine;
using System.Globalization;
using Actors.Cli;
using Actors.XenStore;
using Actors.XenStore.Embedded;
using Actors.XenStore.Server;

namespace Actors.Host.Tests.CommandLine;

/// <summary>
/// Random command lines against a xenstore without a daemon. ACTORS_FUZZ_SEED and ACTORS_FUZZ_RUNS choose others than those of every test run.
/// </summary>
[NonParallelizable]
internal sealed class RandomCommandLineTests
{
    private static readonly string[] Values =
    [
        "1", "2", "web", "xl", "xl:", "xl:balloon", "balloon:", "balloon:x=1", "512m", "1g", "0", "-1", "1e9", "NaN", "Infinity", "0x10", "٣", "１２", "1_000", "1,5",
        "99999999999999999999999999", "1.0000000000000001g", "0.1k", ".", "..", "/", "//", "~", "", " ", "\t", "\n", "\0", "a\0b", "\u001b[2J", "\u202e", "\ud800",
        "😀", "--", "-", "-h", "--json", "--help", "=", "--json=", "--json=maybe", "@", "@x", "$HOME", "%s%n", "[red]", "[/]", "{0}", "'\"", "\\", "unix:", "unix:/", "tcp:x",
        new('9', 400), new('x', 70_000), new('€', 5000), "00000000-0000-0000-0000-000000000000", "/dev/null", "/dev/full", "/proc/self/mem", "/etc/passwd", "1:2:3",
    ];

    private WorkingFolder _folder = null!;

    [SetUp]
    public void Enter() => _folder = new WorkingFolder();

    [TearDown]
    public void Leave() => _folder.Dispose();

    [Test]
    public async Task End_with_an_exit_code_and_without_a_stack_trace()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(10), TimeProvider.System);
        var random = new Random(Number("ACTORS_FUZZ_SEED", 14));
        var commands = Leaves(CommandRunner.Root(CommandTree.Make()), []).Where(leaf => leaf.Command.Name is not ("run" or "demo" or "compile")).ToList();
        var store = new EmbeddedXenStore();
        await using var server = XenStoreServer.Listen(store, Path.Combine(_folder.Path, "socket"));
        await FillAsync(store.Connect(0));

        for (var run = Number("ACTORS_FUZZ_RUNS", 200); run > 0; run--)
        {
            var (command, names) = commands[random.Next(commands.Count)];
            var line = Line(command, names, random);
            var shown = string.Join(' ', line.Select(word => $"'{(word.Length > 40 ? word[..40] : word)}'"));
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token);
            limit.CancelAfter(TimeSpan.FromSeconds(60));

            var result = await CommandLineRun.OfAsync(line, limit.Token);

            Assert.That(limit.IsCancellationRequested, Is.False, shown);
            Assert.That(result.ExitCode, Is.InRange(0, 5), shown);
            Assert.That(result.Screen, Does.Not.Contain("   at ").And.Not.Contain("unexpected error"), shown);
            Assert.That(result.Screen.Where(letter => char.IsControl(letter) && letter is not ('\n' or '\r' or '\t') || letter == '\u202e'), Is.Empty, shown);
            Assert.That(result.ExitCode == 0 || result.Messages.Length > 0 || result.Output.Length > 0, shown);
        }
    }

    private static IEnumerable<(Command Command, string[] Names)> Leaves(Command command, string[] names) => command.Subcommands.Count == 0
        ? [(command, names)]
        : command.Subcommands.SelectMany(child => Leaves(child, [.. names, child.Name]));

    private string[] Line(Command command, string[] names, Random random)
    {
        var words = new List<string>();
        foreach (var _ in command.Arguments.Where(_ => random.Next(12) > 0))
            words.Add(Value(random));
        foreach (var option in command.Options.Where(_ => random.Next(4) == 0))
            words.AddRange(random.Next(5) == 0 ? [option.Name] : random.Next(4) == 0 ? [$"{option.Name}={Value(random)}"] : [option.Name, Value(random)]);
        if (random.Next(10) == 0)
            words.Add(Value(random));
        var line = words.OrderBy(_ => random.Next(4)).ToList();
        if (command.Options.Any(option => option.Name == "--store") && random.Next(8) > 0)
            line.InsertRange(0, ["--store", $"unix:{Path.Combine(_folder.Path, "socket")}"]);
        return [.. names, .. line];
    }

    private static string Value(Random random) => Values[random.Next(Values.Length)];

    private static int Number(string variable, int byDefault) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : byDefault;

    private static async Task FillAsync(IXenStore store)
    {
        foreach (var (path, value) in new[]
        {
            ("1/name", "web"), ("1/memory/static-max", "1048576"), ("1/memory-policy/state", "outcome=\u001b"), ("2/name", "web"), ("2/memory/static-max", "\u202e"),
            ("2/memory-policy/target", new string('9', 300)), ("2/memory-policy/floor", "-1"), ("99999999999/name", "x"), ("3/name", ""), ("x/name", "x"),
        })
        {
            await store.WriteTextAsync($"/local/domain/{path}", value);
        }
    }
}
