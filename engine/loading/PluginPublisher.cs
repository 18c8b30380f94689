using System.Text;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Registry;
using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Loading;

/// <summary>Tells in xenstore how the plugins stand, so that it can be seen without asking the daemon: <c>/tool/actors/plugins/ID</c>.</summary>
internal sealed class PluginPublisher(IXenStore store, ActorDirectory directory, IActorLog log)
{
    private const string Folder = PolicyKeys.Host + "/plugins";
    private const int MaxProblem = 400;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _told = [];
    private IReadOnlyDictionary<string, string>? _next;
    private Task _telling = Task.CompletedTask;

    /// <summary>Tells it soon; of several changes in a row, the last.</summary>
    public void Tell(IReadOnlyList<PluginStatus> plugins)
    {
        var keys = Keys(plugins);
        keys[$"{PolicyKeys.Host}/actors"] = string.Join(' ', directory.Actors);
        lock (_gate)
        {
            _next = keys;
            if (_telling.IsCompleted)
                _telling = TellAsync();
        }
    }

    /// <summary>When all is told.</summary>
    public Task DoneAsync() => _telling;

    public static Dictionary<string, string> Keys(IReadOnlyList<PluginStatus> plugins) =>
        plugins.GroupBy(plugin => $"{Folder}/{Name(plugin.Id)}").ToDictionary(group => group.Key, group => Line(group.First()));

    /// <summary>The plugins that a daemon has told to be out of service, as xenstore names them.</summary>
    public static async Task<IReadOnlyList<string>> QuarantinedAsync(IXenStore store, CancellationToken cancellation)
    {
        var quarantined = new List<string>();
        foreach (var name in await NamesAsync(store, cancellation))
        {
            if ((await store.TryReadTextAsync($"{Folder}/{name}", cancellation))?.StartsWith("state=quarantined ", StringComparison.Ordinal) == true)
                quarantined.Add(name);
        }
        return quarantined;
    }

    private async Task TellAsync()
    {
        while (Next() is { } keys)
        {
            try
            {
                if (_told.Count == 0)
                    await FindOldAsync();
                foreach (var (path, line) in keys.Where(key => _told.GetValueOrDefault(key.Key) != key.Value))
                {
                    await store.WriteTextAsync(path, line);
                    _told[path] = line;
                }
                foreach (var path in _told.Keys.Except(keys.Keys).ToList())
                {
                    _told.Remove(path);
                    await store.RemoveAsync(path);
                }
            }
            catch (Exception error) when (error is XenStoreException or XenStoreConnectionException)
            {
                log.Debug($"how the plugins stand could not be told in xenstore: {error.Message}");
            }
        }
    }

    // What a daemon left that was killed.
    private async Task FindOldAsync()
    {
        foreach (var name in await NamesAsync(store, CancellationToken.None))
            _told[$"{Folder}/{name}"] = "";
    }

    private static async Task<IReadOnlyList<string>> NamesAsync(IXenStore store, CancellationToken cancellation) =>
        await store.TryReadAsync(Folder, cancellation) is null ? [] : await store.ListAsync(Folder, cancellation);

    private IReadOnlyDictionary<string, string>? Next()
    {
        lock (_gate)
        {
            var next = _next;
            _next = null;
            return next;
        }
    }

    private static string Line(PluginStatus plugin)
    {
        var line = new StringBuilder($"state={plugin.State} version={plugin.Version ?? "-"} actors={string.Join(',', plugin.Actors)}");
        if (plugin.Draining + plugin.Leaked > 0)
            line.Append($" draining={plugin.Draining} leaked={plugin.Leaked}");
        if (plugin.Problems.Count > 0)
            line.Append($" problem=\"{plugin.Problems[0][..Math.Min(plugin.Problems[0].Length, MaxProblem)].Replace('"', '\'')}\"");
        return line.ToString();
    }

    // The characters that xenstore takes in a path.
    private static string Name(string id) => new([.. id.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' ? letter : '_')]);
}
