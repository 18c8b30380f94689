namespace Actors.Xs;

/// <summary>The help text.</summary>
internal static class Usage
{
    public static async Task WriteAsync(TextWriter output)
    {
        await output.WriteLineAsync("xs reads and writes xenstore. It does what the xenstore-* tools do, and starts faster.\n");
        foreach (var command in Command.All)
            await output.WriteLineAsync($"  xs {command.Usage,-46} {command.Help}");
        await output.WriteLineAsync("""

            A link named xenstore-read, xenstore-write, … runs that command.
            The store is the one in XENSTORED_PATH, or the running xenstored, or /dev/xen/xenbus.
            Exit codes: 0 success, 1 failed or absent, 2 usage, 4 no xenstore.
            """);
    }
}
