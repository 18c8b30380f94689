using System.Globalization;
using System.Text;
using Actors.XenStore;

namespace Actors.Xs;

/// <summary>The commands that change nodes. Each makes all of its changes in one transaction.</summary>
internal static class WriteCommands
{
    public static async Task<int> WriteAsync(IXenStore store, Arguments arguments, TextWriter output)
    {
        if (arguments.Paths.Count % 2 != 0)
            throw new UsageException("the last path has no value");
        await store.RunTransactionAsync(async transaction =>
        {
            foreach (var pair in arguments.Paths.Chunk(2))
                await transaction.WriteAsync(pair[0], arguments.Has('R') ? Encoding.UTF8.GetBytes(pair[1]) : Text.Unescape(pair[1]));
        });
        return ExitCode.Ok;
    }

    public static async Task<int> RemoveAsync(IXenStore store, Arguments arguments, TextWriter output)
    {
        await store.RunTransactionAsync(async transaction =>
        {
            foreach (var path in arguments.Paths)
            {
                await transaction.RemoveAsync(path);
                if (arguments.Has('t'))
                    await RemoveEmptyParentsAsync(transaction, path);
            }
        });
        return ExitCode.Ok;
    }

    public static async Task<int> ChangeModeAsync(IXenStore store, Arguments arguments, TextWriter output)
    {
        var permissions = new NodePermissions([.. arguments.Paths.Skip(1).Select(Parse)]);
        await store.RunTransactionAsync(transaction => ChangeModeAsync(transaction, arguments.Paths[0], permissions, arguments.Has('r')));
        return ExitCode.Ok;
    }

    private static async Task ChangeModeAsync(IXenStoreTransaction transaction, string path, NodePermissions permissions, bool isRecursive)
    {
        await transaction.SetPermissionsAsync(path, permissions);
        if (!isRecursive)
            return;
        foreach (var name in await transaction.ListAsync(path))
            await ChangeModeAsync(transaction, $"{(path == "/" ? "" : path)}/{name}", permissions, isRecursive);
    }

    private static async Task RemoveEmptyParentsAsync(IXenStoreTransaction transaction, string path)
    {
        while (path.LastIndexOf('/') is > 0 and var slash)
        {
            path = path[..slash];
            if ((await transaction.ReadAsync(path)).Length > 0 || (await transaction.ListAsync(path)).Count > 0)
                return;
            await transaction.RemoveAsync(path);
        }
    }

    private static NodePermission Parse(string mode)
    {
        NodeAccess? access = mode is [var letter, ..] ? letter switch
        {
            'n' => NodeAccess.None,
            'r' => NodeAccess.Read,
            'w' => NodeAccess.Write,
            'b' => NodeAccess.Both,
            _ => null,
        } : null;
        return access is { } known && ushort.TryParse(mode.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var domid)
            ? new NodePermission(domid, known)
            : throw new UsageException($"'{Text.Escape(mode)}' is not a permission; write n, r, w or b and a domid, such as r7");
    }
}
