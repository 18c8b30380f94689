using System.CommandLine;
using Actors.Cli.CommandLine;
using Actors.Host.Recordings;
using Actors.Sdk.Text;

namespace Actors.Host.Commands;

/// <summary><c>actors record</c>: records footprints, targets and guest reports, for a replay on the simulated host.</summary>
internal static class RecordCommand
{
    private const int MostSeconds = 3600;
    private const int StandardSeconds = 10;
    private const int StandardMib = 1024;
    private const int MostMib = 1 << 20;

    public static Command Make()
    {
        var file = new Argument<string?>("FILE") { Description = "The file, as CSV, which must not exist; standard output if omitted", Arity = ArgumentArity.ZeroOrOne }.AsPath();
        var interval = CheckedOptions.Number("--interval", 1, MostSeconds, StandardSeconds);
        (interval.Description, interval.HelpName) = ("The time between two samples", "SECONDS");
        var length = new Option<TimeSpan?>("--for")
        {
            Description = "How long to record, such as 24h. Default: until it is stopped",
            HelpName = "DURATION",
            CustomParser = argument =>
            {
                var (value, error) = DurationText.Parse(argument.Tokens[0].Value);
                if (error is null)
                    return value;
                argument.AddError($"--for: {error}");
                return null;
            },
        };
        var size = CheckedOptions.Number("--max-size", 1, MostMib, StandardMib);
        (size.Description, size.HelpName) = ("Stop before the recording is larger than this", "MIB");
        var store = new StoreOptions();
        var command = new Command("record", "Record footprints, targets and guest reports of all domains, as CSV, for a replay on the simulated host") { file, interval, length, size };
        store.AddTo(command, json: false);
        command.SetAction((arguments, stop) => Terminal.GuardAsync(async () =>
        {
            await using var connection = await store.ConnectAsync(arguments, stop);
            using var host = await RecordedHost.FindAsync(connection, stop);
            await using var output = arguments.GetValue(file) is { } path ? Create(path) : null;
            var recorder = new HostRecorder(new HostSampler(connection, host.ListAsync, TimeProvider.System), TimeSpan.FromSeconds(arguments.GetValue(interval)), TimeProvider.System);
            var end = await recorder.RecordAsync(Write, new RecordingLimits(arguments.GetValue(length), (long)arguments.GetValue(size) << 20), stop);
            Terminal.Message($"actors: recorded {Count.Of(end.Samples, "sample")} of {Count.Of(end.Domains, "domain")}{(end.IsFull ? "; it ended because the recording has reached --max-size" : "")}");
            return ExitCode.Ok;

            void Write(string line)
            {
                (output ?? Console.Out).Write($"{line}\n");
                (output ?? Console.Out).Flush();
            }
        }));
        return command;
    }

    private static StreamWriter Create(string path) => File.Exists(path)
        ? throw new CommandException(ExitCode.Failed, $"{path} exists already; give another name")
        : new StreamWriter(new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read));
}
