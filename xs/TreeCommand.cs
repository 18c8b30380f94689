using Actors.XenStore;

namespace Actors.Xs;

/// <summary>Prints a tree in the format of xenstore-ls, except that long values are not cut. A node that is removed in the meantime is left out.</summary>
internal static class TreeCommand
{
    private const int PermissionsColumn = 60;

    public static async Task<int> RunAsync(IXenStore store, Arguments arguments, TextWriter output)
    {
        if (arguments.Paths.Count > 1)
            throw new UsageException("only one path is allowed");
        var path = arguments.Paths is [var given] ? given : "/";
        if (path != "/")
            await store.ReadAsync(path);
        await PrintAsync(store, path, depth: 0, arguments, output);
        return ExitCode.Ok;
    }

    private static async Task PrintAsync(IXenStore store, string parent, int depth, Arguments arguments, TextWriter output)
    {
        IReadOnlyList<string> names;
        try
        {
            names = await store.ListAsync(parent);
        }
        catch (XenStoreException hidden) when (hidden.Error is XenStoreError.NotFound or XenStoreError.AccessDenied)
        {
            return;
        }
        foreach (var name in names)
        {
            var path = $"{(parent == "/" ? "" : parent)}/{name}";
            if (await TryReadAsync(store, path) is not { } value)
                continue;
            var line = $"{(arguments.Has('f') ? path : new string(' ', depth) + name)} = \"{Text.Escape(value)}\"";
            if (arguments.Has('p') && await store.TryGetPermissionsAsync(path) is { } permissions)
                line = $"{line}{(arguments.Has('f') ? "   " : Leader(line.Length))}({permissions})";
            await output.WriteLineAsync(line);
            await PrintAsync(store, path, depth + 1, arguments, output);
        }
    }

    /// <summary>Returns the dots between the value and its permissions: one in every second column, so that they are below each other.</summary>
    private static string Leader(int column)
    {
        var leader = new System.Text.StringBuilder(" ");
        for (var at = column + 1; at < PermissionsColumn; at++)
            leader.Append(at % 2 == 0 ? ' ' : '.');
        return leader.Append("  ").ToString();
    }

    private static async Task<byte[]?> TryReadAsync(IXenStore store, string path)
    {
        try
        {
            return await store.TryReadAsync(path);
        }
        catch (XenStoreException hidden) when (hidden.Error == XenStoreError.AccessDenied)
        {
            return [];
        }
    }
}
