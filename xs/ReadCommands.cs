using Actors.XenStore;

namespace Actors.Xs;

/// <summary>The commands that print nodes. They send all requests before they wait for the first reply.</summary>
internal static class ReadCommands
{
    public static async Task<int> ReadAsync(IXenStore store, Arguments arguments, TextWriter output)
    {
        foreach (var (path, value) in await AllAsync(store, arguments.Paths, path => store.ReadAsync(path)))
        {
            await output.WriteAsync(arguments.Has('p') ? $"{path}: " : "");
            if (!arguments.Has('R'))
            {
                await output.WriteLineAsync(Text.Escape(value));
                continue;
            }
            // Raw bytes have no line end, as with xenstore-read.
            await output.FlushAsync();
            await using var raw = Console.OpenStandardOutput();
            await raw.WriteAsync(value);
        }
        return ExitCode.Ok;
    }

    public static async Task<int> ListAsync(IXenStore store, Arguments arguments, TextWriter output)
    {
        foreach (var (path, names) in await AllAsync(store, arguments.Paths, path => store.ListAsync(path)))
            foreach (var name in names)
                await output.WriteLineAsync(arguments.Has('p') ? $"{(path == "/" ? "" : path)}/{name}" : name);
        return ExitCode.Ok;
    }

    public static async Task<int> ExistsAsync(IXenStore store, Arguments arguments, TextWriter output)
    {
        var values = await AllAsync(store, arguments.Paths, path => store.TryReadAsync(path));
        return values.TrueForAll(value => value.Result is not null) ? ExitCode.Ok : ExitCode.Failed;
    }

    private static async Task<List<(string Path, T Result)>> AllAsync<T>(IXenStore store, List<string> paths, Func<string, ValueTask<T>> request)
    {
        var running = new List<Task<T>>();
        using (store.Batch())
            foreach (var path in paths)
                running.Add(request(path).AsTask());
        var results = await Task.WhenAll(running);
        return [.. paths.Zip(results)];
    }
}
