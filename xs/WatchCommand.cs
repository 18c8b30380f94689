using Actors.XenStore;

namespace Actors.Xs;

/// <summary>Prints the path of each event.</summary>
internal static class WatchCommand
{
    public static async Task<int> RunAsync(IXenStore store, Arguments arguments, TextWriter output)
    {
        var queue = store.OpenWatchQueue();
        await using (queue)
        {
            foreach (var path in arguments.Paths)
                await queue.AddAsync(path, path);
            var left = arguments.Count ?? int.MaxValue;
            if (left == 0)
                return ExitCode.Ok;
            await foreach (var watchEvent in queue.ReadAllAsync())
            {
                await output.WriteLineAsync(Text.Escape(watchEvent.Path));
                await output.FlushAsync();
                if (arguments.Count is not null && --left == 0)
                    break;
            }
        }
        return ExitCode.Ok;
    }
}
