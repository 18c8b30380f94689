using System.Globalization;
using Actors.Peers;

namespace Actors.Bench;

/// <summary>The C side: peers/xspeer.c, compiled once.</summary>
internal sealed class Peer(string program)
{
    public static async Task<Peer> CompileAsync()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "xspeer");
        var source = Path.Combine(AppContext.BaseDirectory, "peers", "xspeer.c");
        await Programs.CompileAsync("-O2", "-Wall", "-o", program, source, "-lxenstore", "-lpthread");
        return new Peer(program);
    }

    /// <summary>Runs a benchmark against the store on a socket and returns its figures.</summary>
    public async Task<double[]> RunAsync(string socketPath, string work, int count, int? window = null)
    {
        string[] arguments = window is null ? [work, $"{count}"] : [work, $"{count}", $"{window}"];
        var result = await Programs.RunAsync(
            program, arguments, new Dictionary<string, string> { ["XENSTORED_PATH"] = socketPath }, deadline: TimeSpan.FromMinutes(2));
        if (result.ExitCode != 0)
            throw new InvalidOperationException($"xspeer {work}: {result.Error}");
        return [.. result.Output.Split(' ', StringSplitOptions.TrimEntries).Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
    }
}
