using System.Diagnostics;
using System.Globalization;
using Actors.Cli;
using Actors.Cli.CommandLine;

namespace Actors.Host.Tests.CommandLine;

/// <summary>Whoever runs a command cannot tell the native program from the managed one.</summary>
[NonParallelizable]
internal sealed class NativeProgramTests
{
    private const int Seed = 14;
    private const int HostileLines = 30;
    private const int RandomLines = 40;

    private ScratchFolder _folder = null!;
    private PublishedWorld _world = null!;
    private NativeProgram _program = null!;

    [OneTimeSetUp]
    public async Task CompileAsync()
    {
        _folder = new ScratchFolder();
        _world = await PublishedWorld.OpenAsync(_folder.Path);
        _program = await NativeProgram.CompileAsync(_folder.Path, _world.Socket);
    }

    [OneTimeTearDown]
    public async Task CloseAsync()
    {
        await _world.DisposeAsync();
        _folder.Dispose();
    }

    [TestCase("list", ExitCode.Ok)]
    [TestCase("list --json", ExitCode.Ok)]
    [TestCase("list --store unix:/nowhere", ExitCode.Unreachable)]
    [TestCase("mem-set busy 700m --wait", ExitCode.Ok)]
    [TestCase("mem-set 3 700m --wait --json", ExitCode.Ok)]
    [TestCase("mem-set theirs 700m", ExitCode.Ok)]
    [TestCase("mem-set quiet 700m --wait 0.1", ExitCode.Failed)]
    [TestCase("mem-set quiet 1m", ExitCode.Failed)]
    [TestCase("mem-set queit 1g", ExitCode.Failed)]
    [TestCase("mem-set quiet 12parsecs", ExitCode.Usage)]
    [TestCase("mem-policy quiet", ExitCode.Ok)]
    [TestCase("mem-policy quiet xl:careful --json", ExitCode.Ok)]
    [TestCase("mem-policy quiet xl:broken", ExitCode.Failed)]
    [TestCase("mem-policy quiet baloon", ExitCode.Failed)]
    [TestCase("mem-policy quiet theirs --external", ExitCode.Ok)]
    [TestCase("history", ExitCode.Ok)]
    [TestCase("history quiet --last 1 --json", ExitCode.Ok)]
    [TestCase("history --journal /proc/self/nothing", ExitCode.Failed)]
    [TestCase("history --journal /dev/null", ExitCode.Failed)]
    [TestCase("history --last 0", ExitCode.Usage)]
    [TestCase("list --jsn", ExitCode.Usage)]
    [TestCase("mem-set", ExitCode.Usage)]
    [TestCase("list --help", ExitCode.Ok)]
    [TestCase("mem-set -h", ExitCode.Ok)]
    [TestCase("mem-policy --help", ExitCode.Ok)]
    [TestCase("history -?", ExitCode.Ok)]
    public async Task A_command_prints_the_same(string line, int exitCode)
    {
        var run = await CompareAsync(line.Split(' '));

        Assert.That(run.ExitCode, Is.EqualTo(exitCode), run.Screen);
    }

    [TestCase("", ExitCode.Usage)]
    [TestCase("--help", ExitCode.Ok)]
    [TestCase("lst", ExitCode.Usage)]
    [TestCase("--json list", ExitCode.Usage)]
    [TestCase("demo --seed abc", ExitCode.Usage)]
    [TestCase("explain quiet", ExitCode.Ok)]
    [TestCase("policy lint policies-that-do-not-exist", ExitCode.InvalidConfiguration)]
    public async Task What_it_does_not_know_itself_it_leaves_to_the_managed_program(string line, int exitCode)
    {
        var run = await CompareAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.That(run.ExitCode, Is.EqualTo(exitCode), run.Screen);
    }

    // What the environment and the place of the output change. "$0" is the program.
    [TestCase("NO_COLOR=1 \"$0\" list", ExitCode.Ok)]
    [TestCase("TERM=dumb \"$0\" history --last 3", ExitCode.Ok)]
    [TestCase("XENSTORED_PATH=/nowhere \"$0\" list", ExitCode.Unreachable)]
    [TestCase("XENSTORED_PATH=/etc/passwd \"$0\" mem-policy quiet --json", ExitCode.Unreachable)]
    [TestCase("env -i \"$0\" list --store unix:store", ExitCode.Ok)]
    [TestCase("touch hidden && chmod 0 hidden && setpriv --reuid 65534 --clear-groups \"$0\" history --journal hidden", ExitCode.Failed)]
    [TestCase("mkfifo -m 600 fifo 2> /dev/null; \"$0\" history --journal fifo", ExitCode.Failed)]
    [TestCase("\"$0\" list > /dev/full", ExitCode.Failed)]
    [TestCase("\"$0\" history --json | head -c 1", ExitCode.Ok)]
    [TestCase("\"$0\" mem-set busy 700m --wait <&- | cat", ExitCode.Ok)]
    public async Task A_shell_gets_the_same(string script, int exitCode)
    {
        var run = await CompareScriptAsync(script);

        Assert.That(run.ExitCode, Is.EqualTo(exitCode), run.Screen);
    }

    [TestCase("list")]
    [TestCase("history")]
    [TestCase("mem-policy quiet")]
    [TestCase("list --json")]
    [TestCase("list --help")]
    [TestCase("mem-sett")]
    public async Task A_terminal_shows_the_same(string line)
    {
        if (!File.Exists("/usr/bin/script") && Environment.GetEnvironmentVariable("CI") != "true")
            Assert.Ignore("needs 'script' (apt: bsdutils)");
        foreach (var setup in new[] { "export TERM=xterm-256color; stty cols 100", "export TERM=xterm NO_COLOR=1; stty cols 60", "export TERM=dumb; stty cols 200" })
            await CompareScriptAsync($"script --quiet --return --command '{setup}; \"'\"$0\"'\" {line}' /dev/null < /dev/null");
    }

    [TestCase("INT")]
    [TestCase("TERM")]
    [TestCase("HUP")]
    public async Task A_signal_ends_a_wait_in_the_same_way(string signal)
    {
        var (managed, native) = (await InterruptAsync(NativeProgram.Managed), await InterruptAsync(_program.Native));

        Assert.That(native, Is.EqualTo(managed));

        async Task<CommandLineRun> InterruptAsync(string program)
        {
            await _world.RemoveTargetAsync();
            return await _program.RunAsync(program, ["mem-set", "quiet", "700m", "--wait"], async process =>
            {
                await _world.TargetIsWrittenAsync();
                using var kill = Process.Start("kill", ["-" + signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
            });
        }
    }

    [Test]
    public async Task Hostile_options_and_arguments_change_nothing_about_that()
    {
        var random = new Random(Seed);
        var lines = StoreCommands.All.Values.SelectMany(make => CommandTreeTests.Lines((make(), [make().Name])))
            .Where(line => !line.Any(word => word.Contains('\0', StringComparison.Ordinal))).ToArray();
        random.Shuffle(lines);

        foreach (var line in lines.Take(HostileLines))
            await CompareAsync(line);
    }

    [Test]
    public async Task Random_command_lines_change_nothing_about_that()
    {
        var random = new Random(Seed);
        for (var count = 0; count < RandomLines; count++)
            await CompareAsync(RandomLine(random));
    }

    private async Task<CommandLineRun> CompareAsync(string[] line)
    {
        var managed = await _program.RunAsync(NativeProgram.Managed, line);
        var native = await _program.RunAsync(_program.Native, line);

        Assert.That(native, Is.EqualTo(managed), string.Join(' ', line.Select(word => $"'{word}'")));
        return native;
    }

    private async Task<CommandLineRun> CompareScriptAsync(string script)
    {
        var managed = await _program.RunScriptAsync(NativeProgram.Managed, script);
        var native = await _program.RunScriptAsync(_program.Native, script);

        Assert.That(native, Is.EqualTo(managed), script);
        return native;
    }

    // Mostly valid words, in any order. Nothing waits for an outcome that never comes.
    private static string[] RandomLine(Random random)
    {
        string[] domains = ["quiet", "busy", "theirs", "0", "3", "42", "queit", "evil\u202e"];
        string[] sizes = ["512m", "1g", "1.5g", "700000", "12q", "", "-1"];
        string[] actors = ["xl", "xl:careful", "xl:broken", "xl:carefull", "balloon", "baloon:x", "a b", ":"];
        string[][] options =
        [
            ["--json"], ["--json", "false"], ["--store", "unix:/nowhere"], ["--store", "tcp:1"], ["--wait", "0.05"], ["--wait=0"], ["--wait", "x"],
            ["--external"], ["--last", "2"], ["--last=-1"], ["--journal", "/etc"], ["-h"], ["--bogus"], ["--"],
        ];
        var name = StoreCommands.All.Keys.ElementAt(random.Next(StoreCommands.All.Count));
        List<string[]> words = [[Any(domains)]];
        if (random.Next(4) > 0)
            words.Add([Any(name == "mem-policy" ? actors : sizes)]);
        for (var more = random.Next(3); more > 0; more--)
            words.Insert(random.Next(words.Count + 1), Any(options));
        return [name, .. words.SelectMany(group => group)];

        T Any<T>(T[] choices) => choices[random.Next(choices.Length)];
    }
}
