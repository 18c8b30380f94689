using System.CommandLine;
using Actors.Cli;
using Actors.Cli.CommandLine;
using NSubstitute;

namespace Actors.Host.Tests.CommandLine;

[NonParallelizable]
internal sealed class CommandTreeTests
{
    private static readonly string[] Hostile =
        ["", " ", "abc", "-5", "--", "-", "99999999999999999999", "1.5", "NaN", "\u001b[2J\u202e", "a\nb", "@/etc/passwd", "[diagram]", "\0", "/proc/nowhere/at/all", "unix:", "xl:", new('x', 5000)];

    private WorkingFolder _folder = null!;

    [SetUp]
    public void Enter() => _folder = new WorkingFolder();

    [TearDown]
    public void Leave() => _folder.Dispose();

    [TestCase("demo --seed abc", "--seed 'abc': expected a whole number from 0 to 2147483647")]
    [TestCase("demo --seed -1", "--seed '-1': expected a whole number")]
    [TestCase("run --hypervisor kvm", "--hypervisor 'kvm': expected xen or sim")]
    [TestCase("run --hypervisor xen --sim x.yaml", "--sim is an option of the simulated machine")]
    [TestCase("run --plugin-memory -5", "--plugin-memory '-5': expected a whole number from 1 to")]
    [TestCase("history --last 0", "--last '0': expected a whole number from 1")]
    [TestCase("mem-set web-1 1g --wait NaN", "--wait 'NaN': expected a number of seconds")]
    [TestCase("mem-set web-1 12parsecs", "unknown unit 'parsecs'")]
    [TestCase("", "a command is missing: demo, run, mem-set,")]
    [TestCase("plugin", "a command is missing: list, inspect,")]
    [TestCase("lst", "there is no command 'lst'; did you mean 'list'?")]
    [TestCase("plugin relaod", "there is no command 'relaod'; did you mean 'reload'?")]
    [TestCase("list --jsn", "there is no option '--jsn'; did you mean '--json'?")]
    [TestCase("list web-1", "unexpected argument 'web-1'")]
    public async Task A_wrong_command_line_gets_a_message_the_usage_and_exit_code_2(string line, string message)
    {
        var run = await CommandLineRun.OfAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Multiple(() =>
        {
            Assert.That(run.ExitCode, Is.EqualTo(ExitCode.Usage));
            Assert.That(run.Messages, Does.StartWith("actors: ").And.Contain(message).And.Contain("usage: actors").And.Contain("--help"));
            Assert.That(run.Output, Is.Empty);
        });
    }

    [Test]
    public async Task A_message_that_cannot_be_written_does_not_change_the_exit_code()
    {
        var messages = Console.Error;
        var full = Substitute.For<TextWriter>();
        full.When(it => it.WriteLine(Arg.Any<string>())).Throw(new IOException("No space left on device"));
        Console.SetError(full);
        try
        {
            Assert.That(await CommandTree.RunAsync(["list", "--store", "unix:/proc/nowhere/at/all"]), Is.EqualTo(ExitCode.Unreachable));
            Assert.That(await CommandTree.RunAsync(["lst"]), Is.EqualTo(ExitCode.Usage));
        }
        finally
        {
            Console.SetError(messages);
        }
    }

    [Test]
    public async Task Every_command_explains_itself()
    {
        foreach (var path in Leaves(CommandRunner.Root(CommandTree.Make()), []))
        {
            var run = await CommandLineRun.OfAsync([.. path.Names, "--help"]);
            Assert.That((run.ExitCode, run.Messages), Is.EqualTo((ExitCode.Ok, "")), string.Join(' ', path.Names));
        }
    }

    [Test]
    public async Task Whatever_the_options_and_arguments_are_a_command_ends_with_an_exit_code_and_a_message()
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        foreach (var line in Leaves(CommandRunner.Root(CommandTree.Make()), []).SelectMany(Lines))
        {
            var run = await CommandLineRun.OfAsync(line, stop.Token);

            var shown = string.Join(' ', line.Select(word => $"'{word}'"));
            Assert.That(run.ExitCode, Is.InRange(0, 5), shown);
            Assert.That(run.Screen, Does.Not.Contain("   at ").And.Not.Contain("Exception").And.Not.Contain("unexpected error"), shown);
            Assert.That(run.Screen.Where(letter => char.IsControl(letter) && letter is not ('\n' or '\r' or '\t') || letter == '\u202e'), Is.Empty, shown);
            Assert.That(run.ExitCode == 0 || run.Screen.Length > 0, shown);
        }
    }

    private static IEnumerable<(Command Command, string[] Names)> Leaves(Command command, string[] names) => command.Subcommands.Count == 0
        ? [(command, names)]
        : command.Subcommands.SelectMany(child => Leaves(child, [.. names, child.Name]));

    // Each argument and each option once with each hostile value. The harmless options keep the daemon from starting.
    internal static IEnumerable<string[]> Lines((Command Command, string[] Names) leaf)
    {
        var (command, names) = leaf;
        string[] arguments = [.. command.Arguments.Select(argument => argument.Name == "SIZE" ? "1g" : "x")];
        for (var index = 0; index < arguments.Length; index++)
        {
            foreach (var value in Hostile)
                yield return [.. names, .. arguments[..index], value, .. arguments[(index + 1)..], .. Harmless(command, null)];
        }
        foreach (var option in command.Options.Where(option => !(command.Name == "demo" && option.Name is "--realtime" or "--json")))
        {
            foreach (var value in Hostile)
                yield return [.. names, .. arguments, .. Harmless(command, option.Name), option.Name, value];
        }
    }

    // Nothing can be created under /proc, so a daemon that accepts the option still leaves nothing behind.
    private static string[] Harmless(Command command, string? option)
    {
        (string Name, string Value)[] values = (command.Name, option) switch
        {
            ("run", "--store-socket") => [("--sim", "/proc/nowhere/at/all.yaml")],
            ("run", _) => [("--store-socket", "/proc/nowhere/at/all/socket")],
            _ => [("--store", "unix:/proc/nowhere/at/all"), ("--plugins", "."), ("--policies", ".")],
        };
        return [.. values.Where(value => value.Name != option && command.Options.Any(other => other.Name == value.Name))
            .SelectMany(value => new[] { value.Name, value.Value })];
    }
}
