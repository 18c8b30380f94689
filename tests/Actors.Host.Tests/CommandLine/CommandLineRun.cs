namespace Actors.Host.Tests.CommandLine;

/// <summary>Runs a command line inside the test, and collects what it prints.</summary>
internal sealed record CommandLineRun(int ExitCode, string Output, string Messages)
{
    /// <summary>Everything that a user sees.</summary>
    public string Screen => Output + Messages;

    /// <summary>The console belongs to the process, so tests that use this cannot run in parallel.</summary>
    public static async Task<CommandLineRun> OfAsync(IReadOnlyList<string> line, CancellationToken cancellation = default)
    {
        var (output, messages) = (Console.Out, Console.Error);
        using var writtenOutput = new StringWriter();
        using var writtenMessages = new StringWriter();
        Console.SetOut(writtenOutput);
        Console.SetError(writtenMessages);
        try
        {
            var exitCode = await CommandTree.RunAsync(line, cancellation);
            return new CommandLineRun(exitCode, writtenOutput.ToString(), writtenMessages.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(messages);
        }
    }
}
